"""What a district is given: the image, its bill of materials, the bundle for places without internet."""
