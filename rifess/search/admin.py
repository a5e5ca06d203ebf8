from django.contrib import admin

from rifess.base.admin.pages import Careful, KeepsRowAsStored, Spoken
from rifess.base.admin.refused_saves import ShowsRefusedSaves
from rifess.search.models import Concept


@admin.register(Concept)
class ConceptAdmin(ShowsRefusedSaves, KeepsRowAsStored, Careful, Spoken, admin.ModelAdmin):
    list_display = ["es", "pt_br", "en"]
    list_display_links = ["es", "pt_br", "en"]
    search_fields = ["es__resembles", "pt_br__resembles", "en__resembles"]
