"""This room at the secretariat's desk, a module for each subject."""

from members.admin import enquiries, network, people

__all__ = ["enquiries", "network", "people"]
