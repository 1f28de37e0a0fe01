"""The check of catalogue files before publication, and the loader of what has passed."""

from catalogue.check.calendars import CalendarDocument
from catalogue.check.checker import CatalogueCheck, CatalogueUnsound, check, load, load_halls, load_templates
from catalogue.check.findings import Finding
from catalogue.check.items import (
    DecidingOffice,
    ItemDocument,
    OwnTest,
    RouteStep,
    StatedMaterial,
)
from catalogue.check.own_tests import answer_to
from catalogue.check.templates import Template, TemplateSet
from catalogue.check.windows import Assignment, HallDocument, StreetsDocument, WindowDocument

__all__ = [
    "Assignment",
    "CalendarDocument",
    "CatalogueCheck",
    "CatalogueUnsound",
    "DecidingOffice",
    "Finding",
    "HallDocument",
    "ItemDocument",
    "OwnTest",
    "RouteStep",
    "StatedMaterial",
    "StreetsDocument",
    "Template",
    "TemplateSet",
    "WindowDocument",
    "answer_to",
    "check",
    "load",
    "load_halls",
    "load_templates",
]
