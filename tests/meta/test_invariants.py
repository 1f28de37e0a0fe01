"""The invariants of the office, and the tests that ask for each: a test that is renamed or goes is missed here."""

import re

import pytest

from tools.check import ROOT

_HISTORY = "tests/unit/approval/test_legal_histories.py::test_every_stored_date_of_any_legal_history_is_the_walked_one"
_ACCEPTANCE = "tests/unit/intake/test_walked_acceptance.py::"
_ANY = "tests/unit/approval/test_any_sequence.py::"
_RIGHTS = "tests/simulate/invariants/rights.py::"
_PERSON = "tests/journeys/test_nothing_of_a_person.py::"
_YEAR = "tests/journeys/test_hall_year.py::"
INVARIANTS: dict[str, tuple[str, ...]] = {
    "1 what was applied for, accepted and closed adds up": (
        "tests/service/metrics/test_figures.py::test_every_number_is_the_count_by_hand",
        "tests/simulate/invariants/told.py::figures_are_the_fold",
        _RIGHTS + "matters_add_up",
    ),
    "2 early is on time, on time is closed, and the rates of 23,837 matters": (
        _HISTORY,
        "tests/unit/law/test_two_clocks_walk.py::test_every_act_is_judged_by_the_promise_of_its_own_day",
        "tests/unit/metrics/test_indicators.py::test_percent_of_known_figures",
        "tests/unit/metrics/test_conditions.py::test_numerator_and_rest_part_the_denominator",
        _RIGHTS + "matters_add_up",
        "tests/journeys/test_days_before_a_court.py::"
        "test_a_matter_decided_after_an_extended_broken_promise_is_late_wherever_it_is_told",
    ),
    "3 a promise is within the law": (
        _HISTORY,
        "tests/unit/law/test_limit_rules.py::test_limits_of_one_unit_are_compared_by_their_numbers",
        "tests/unit/law/test_limit_rules.py::"
        "test_a_promise_in_another_unit_is_refused_or_found_on_the_days_counted_by_hand",
        _YEAR + "_last_days_hold",
    ),
    "4 no last day is a day of rest": (
        _HISTORY,
        _ACCEPTANCE + "test_the_days_of_any_application_are_the_walked_ones",
        _RIGHTS + "last_days_are_working_days",
        _YEAR + "_last_days_hold",
        "tests/service/matter/test_recount.py::"
        "test_dry_run_run_and_walk_say_the_same_and_a_second_publication_moves_nothing",
    ),
    "5 silence accepts from the day of receipt": (
        _ACCEPTANCE + "test_after_a_correction_a_click_and_the_silence_of_the_office_give_the_same_days",
        "tests/unit/intake/test_accept.py::"
        "test_deemed_acceptance_takes_effect_on_the_day_of_receipt_so_that_days_are_used_already",
        "tests/journeys/test_days_before_a_court.py::"
        "test_papers_of_a_saturday_give_mondays_day_however_the_matter_is_accepted",
    ),
    "6 one extension, by the head, of so many days at most, told to the applicant": (
        "tests/unit/approval/test_extend.py::test_a_term_is_extended_once",
        "tests/unit/approval/test_extend.py::test_only_the_head_extends",
        "tests/unit/approval/test_limits_of_acts.py::test_more_than_ten_days_are_always_too_long",
        "tests/unit/notify/test_message_for_stage.py::test_an_extension_gives_its_days_and_the_new_day",
        _HISTORY,
        _RIGHTS + "extensions_are_lawful",
    ),
    "7 pauses run forward, never overlap, and each has its notice": (
        _ANY + "test_pauses_run_forward_never_overlap_and_each_has_its_notice",
        _RIGHTS + "pauses_are_lawful",
    ),
    "8 a refusal has reasons, a non-acceptance its letter": (
        "tests/unit/approval/test_decide.py::test_a_refusal_gives_its_reasons",
        "tests/unit/notify/test_message_for_stage.py::test_a_non_acceptance_gives_the_letter",
        _RIGHTS + "refusals_have_reasons",
    ),
    "9 the package of the district is that of the street": (
        "tests/unit/approval/test_refer.py::test_the_package_has_one_digest_on_both_sides",
        "tests/unit/approval/test_package_digest.py::test_the_referral_and_both_legs_carry_the_digest",
        _RIGHTS + "packages_are_the_streets",
        "tests/service/intake/test_corrections.py::test_the_district_asks_the_applicant_for_nothing",
        "tests/unit/contracts/test_who_asks_the_applicant.py::test_the_districts_own_calls_ask_for_no_paper",
    ),
    "10 one card of each level, none after the end, void ones leave the figures": (
        _ANY + "test_a_card_of_one_level_is_issued_once_and_never_to_a_closed_case",
        "tests/unit/approval/test_recount.py::"
        "test_a_card_that_the_new_days_do_not_give_is_void_and_comes_again_when_it_is_due",
        "tests/unit/approval/test_void_cards.py::test_a_decision_heard_late_voids_the_cards_of_days_after_it",
        "tests/service/metrics/test_figures.py::test_a_card_of_a_day_after_a_decision_heard_late_leaves_the_figures",
        "tests/simulate/invariants/answers.py::cards_come_once",
        _RIGHTS + "cards_count_while_they_are_valid",
        "tests/service/metrics/test_figures.py::"
        "test_a_card_that_was_declared_void_is_in_no_figure_until_it_is_issued_again",
    ),
    "11 nothing of a person in logs, labels or lists": (
        "tests/unit/chassis/test_telemetry.py::test_no_identity_number_survives",
        "tests/service/metrics/test_kpi.py::test_labels_come_from_closed_sets_and_every_series_has_its_sentence",
        "tests/unit/intake/test_applicant.py::test_names_and_numbers_are_masked_whatever_their_length",
        _PERSON + "test_the_bus_has_nothing_of_a_person",
        _PERSON + "test_logs_have_nothing_of_a_person",
        _PERSON + "test_names_and_labels_of_metrics_have_nothing_of_a_person",
        _PERSON + "test_rows_and_facts_have_nothing_of_a_person",
        _PERSON + "test_what_is_shown_by_default_is_masked",
    ),
    "12 a published year moves open files alone, with a fact of each": (
        _HISTORY,
        "tests/unit/approval/test_recount.py::test_a_closed_case_never_moves",
        "tests/unit/intake/test_recount.py::test_an_application_without_an_open_day_does_not_move",
        "tests/service/matter/test_recount.py::"
        "test_dry_run_run_and_walk_say_the_same_and_a_second_publication_moves_nothing",
    ),
    "13 a matter keeps the version and the limits it was accepted with": (
        "tests/unit/intake/test_catalogue.py::test_a_running_matter_finds_the_version_it_was_taken_under",
        "tests/unit/approval/test_limits_of_acts.py::test_the_streets_leg_takes_over_what_was_accepted",
    ),
    "14 the best grade is 1": (
        "tests/unit/metrics/test_conditions.py::test_a_number_lies_within_both_ends",
        "tests/unit/metrics/test_kpi_series.py::test_a_grade_is_a_label_in_words_of_the_contract",
        "tests/unit/metrics/test_indicators.py::"
        "test_code_1_is_the_best_grade_and_a_code_of_three_stars_or_more_is_content",
    ),
}
"""Each invariant with the tests that ask for it."""
NOT_YET: dict[int, str] = {
    8: "The sealed document of a non-acceptance, and the remedies with their last days on it and on a refusal, are not"
    " issued yet: notify issues the receipt alone. What holds is the letter's number, ground and reason on file, and a"
    " message that names the letter.",
    14: "Stars are shown and exported nowhere yet: a grade is its code everywhere.",
}
"""Parts of an invariant that the product cannot keep yet, and what holds instead."""


def test_there_are_fourteen_invariants() -> None:
    assert [int(name.partition(" ")[0]) for name in INVARIANTS] == list(range(1, 15))


@pytest.mark.parametrize("name", INVARIANTS)
def test_each_test_that_asks_for_an_invariant_is_there(name: str) -> None:
    for test in INVARIANTS[name]:
        file, _, function = test.partition("::")
        assert re.search(rf"^(async )?def {function}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), test


def test_what_cannot_be_kept_yet_is_said_of_invariants_that_there_are() -> None:
    assert NOT_YET.keys() <= set(range(1, 15))
    assert all(text.endswith(".") for text in NOT_YET.values())
