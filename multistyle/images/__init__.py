"""What a picture is: files, pixels, sizes, colours, sheets and animations."""
