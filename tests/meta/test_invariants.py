"""The invariants of the office, and the tests that ask for each: a test that is renamed or goes is missed here."""

import re

import pytest

from tools.check import ROOT

_HISTORY = "tests/unit/approval/test_legal_histories.py::test_every_stored_date_of_any_legal_history_is_the_walked_one"
_ACCEPTANCE = "tests/unit/intake/test_walked_acceptance.py::"
_ANY = "tests/unit/approval/test_any_sequence.py::"
INVARIANTS: dict[str, tuple[str, ...]] = {
    "1 what was applied for, accepted and closed adds up": (
        "tests/service/metrics/test_figures.py::test_every_number_is_the_count_by_hand",
        "tests/simulate/invariants/told.py::figures_are_the_fold",
    ),
    "2 early is on time, on time is closed, and the rates of 23,837 matters": (
        _HISTORY,
        "tests/unit/law/test_two_clocks_walk.py::test_every_act_is_judged_by_the_promise_of_its_own_day",
        "tests/unit/metrics/test_indicators.py::test_percent_of_known_figures",
        "tests/unit/metrics/test_conditions.py::test_numerator_and_rest_part_the_denominator",
    ),
    "3 a promise is within the law": (
        _HISTORY,
        "tests/unit/law/test_limit_rules.py::test_limits_of_one_unit_are_compared_by_their_numbers",
        "tests/unit/law/test_limit_rules.py::"
        "test_a_promise_in_another_unit_is_refused_or_found_on_the_days_counted_by_hand",
    ),
    "4 no last day is a day of rest": (_HISTORY, _ACCEPTANCE + "test_the_days_of_any_application_are_the_walked_ones"),
    "5 silence accepts from the day of receipt": (
        _ACCEPTANCE + "test_after_a_correction_a_click_and_the_silence_of_the_office_give_the_same_days",
        "tests/unit/intake/test_accept.py::"
        "test_deemed_acceptance_takes_effect_on_the_day_of_receipt_so_that_days_are_used_already",
    ),
    "6 one extension, by the head, of so many days at most, told to the applicant": (
        "tests/unit/approval/test_extend.py::test_a_term_is_extended_once",
        "tests/unit/approval/test_extend.py::test_only_the_head_extends",
        "tests/unit/approval/test_limits_of_acts.py::test_more_than_ten_days_are_always_too_long",
        "tests/unit/notify/test_message_for_stage.py::test_an_extension_gives_its_days_and_the_new_day",
    ),
    "7 pauses run forward, never overlap, and each has its notice": (
        _ANY + "test_pauses_run_forward_never_overlap_and_each_has_its_notice",
    ),
    "8 a refusal has reasons, a non-acceptance its letter": (
        "tests/unit/approval/test_decide.py::test_a_refusal_gives_its_reasons",
        "tests/unit/notify/test_message_for_stage.py::test_a_non_acceptance_gives_the_letter",
    ),
    "9 the package of the district is that of the street": (
        "tests/unit/approval/test_refer.py::test_the_package_has_one_digest_on_both_sides",
        "tests/unit/approval/test_package_digest.py::test_the_referral_and_both_legs_carry_the_digest",
    ),
    "10 one card of each level, none after the end, void ones leave the figures": (
        _ANY + "test_a_card_of_one_level_is_issued_once_and_never_to_a_closed_case",
        "tests/unit/approval/test_recount.py::"
        "test_a_card_that_the_new_days_do_not_give_is_void_and_comes_again_when_it_is_due",
        "tests/unit/approval/test_void_cards.py::test_a_decision_heard_late_voids_the_cards_of_days_after_it",
        "tests/service/metrics/test_figures.py::test_a_card_of_a_day_after_a_decision_heard_late_leaves_the_figures",
    ),
    "11 nothing of a person in logs, labels or lists": (
        "tests/unit/chassis/test_telemetry.py::test_no_identity_number_survives",
        "tests/service/metrics/test_kpi.py::test_labels_come_from_closed_sets_and_every_series_has_its_sentence",
        "tests/unit/intake/test_applicant.py::test_names_and_numbers_are_masked_whatever_their_length",
    ),
    "12 a published year moves open files alone, with a fact of each": (
        _HISTORY,
        "tests/unit/approval/test_recount.py::test_a_closed_case_never_moves",
        "tests/unit/intake/test_recount.py::test_an_application_without_an_open_day_does_not_move",
    ),
    "13 a matter keeps the version and the limits it was accepted with": (
        "tests/unit/intake/test_catalogue.py::test_a_running_matter_finds_the_version_it_was_taken_under",
        "tests/unit/approval/test_limits_of_acts.py::test_the_streets_leg_takes_over_what_was_accepted",
    ),
    "14 the best grade is 1": (
        "tests/unit/metrics/test_conditions.py::test_a_number_lies_within_both_ends",
        "tests/unit/metrics/test_kpi_series.py::test_a_grade_is_a_label_in_words_of_the_contract",
    ),
}
"""Each invariant with the tests that ask for it."""


def test_there_are_fourteen_invariants() -> None:
    assert [int(name.partition(" ")[0]) for name in INVARIANTS] == list(range(1, 15))


@pytest.mark.parametrize("name", INVARIANTS)
def test_each_test_that_asks_for_an_invariant_is_there(name: str) -> None:
    for test in INVARIANTS[name]:
        file, _, function = test.partition("::")
        assert re.search(rf"^(async )?def {function}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), test
