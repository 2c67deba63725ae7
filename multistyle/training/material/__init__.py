"""What a training learns from: photographs and paintings."""
