"""Nodes of multistyle for ComfyUI: lay this folder into `custom_nodes`."""

from .nodes import comfy_entrypoint

__all__ = ["comfy_entrypoint"]
