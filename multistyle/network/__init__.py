"""The transform network: layers, styles, blending and model files."""
