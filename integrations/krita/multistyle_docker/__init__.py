"""The docker of multistyle for Krita 5."""

from krita import DockWidgetFactory, DockWidgetFactoryBase, Krita

from .docker import MultistyleDocker

Krita.instance().addDockWidgetFactory(
    DockWidgetFactory(
        "multistyle", DockWidgetFactoryBase.DockRight, MultistyleDocker
    )
)
