"""Changes of participants' data: asked for, applied on their day, cancelled until then."""
