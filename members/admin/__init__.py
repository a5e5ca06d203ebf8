"""This room at the secretariat's desk, a module for each subject."""

from members.admin import enquiries, mandates, network, people

__all__ = ["enquiries", "mandates", "network", "people"]
