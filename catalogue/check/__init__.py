"""The check of catalogue files before publication, and the loader of what has passed."""

from catalogue.check.calendars import CalendarDocument
from catalogue.check.checking import CatalogueUnsound, Checked, check, load, load_halls, load_templates
from catalogue.check.finding import Finding
from catalogue.check.items import ItemDocument, Material, Office, OwnTest, Season, StatedLimit, Step
from catalogue.check.rules import answer_to
from catalogue.check.templates import Template, TemplateSet
from catalogue.check.windows import Assignment, HallDocument, WindowDocument

__all__ = [
    "Assignment",
    "CalendarDocument",
    "CatalogueUnsound",
    "Checked",
    "Finding",
    "HallDocument",
    "ItemDocument",
    "Material",
    "Office",
    "OwnTest",
    "Season",
    "StatedLimit",
    "Step",
    "Template",
    "TemplateSet",
    "WindowDocument",
    "answer_to",
    "check",
    "load",
    "load_halls",
    "load_templates",
]
