"""What any web project could use: this shelf knows no word of support."""
