"""A camera: painted as it films, shown, recorded and handed on."""
