"""Addresses outside the portal: which may be written, how they are asked, and how they have answered."""
