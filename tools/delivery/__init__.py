"""Deliveries to a district: the image, its bill of materials, the bundle for places without internet."""
