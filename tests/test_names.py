"""Each defect of the origins is a test under the name by which it is remembered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
WRITTEN = {
    name
    for path in TESTS.rglob("test_*.py")
    for name in re.findall(r"^\s*def test_(\w+)\(", path.read_text(), re.MULTILINE)
}
REMEMBERED = """
    every_state_has_an_owner_task retry_executes_for_every_failing_stage
    crash_in_any_state_recovers a_final_failure_does_not_block_the_book manual_retry_works
    settings_take_effect priority_orders_the_queue illegal_moves_are_refused
    the_second_worker_loses_the_race retry_times_are_utc hopeless_items_back_off
    history_survives pause_survives_a_restart slow_step_does_not_stop_the_sync ok_but_nothing
    localhost_link_is_fetched_by_us never_hands_over_a_proxy_url redirect_to_magnet
    redirect_then_magnet html_login_page empty_body oversize_body not_bencoded
    redirect_to_a_foreign_host concurrent_unrelated_torrent no_guessing_by_name_or_time
    duplicate_is_adopted category_is_ensured category_path_conflict_is_reported
    hashes_v1_v2_hybrid_base32 magneturl_is_used no_trackers_added_to_private_torrents
    cancel_says_what_happens_to_the_data contract_4 contract_5_0 contract_5_2 banned_403
    bad_password one_new_login_then_stop every_client_state_is_mapped errored_missing_vanished
    seeding_is_not_stalled unfinished_states_are_not_finished one_request_per_sync
    network_binding_is_never_touched nothing_queued_is_lost fakes_speak_the_wire
    schedules_really_run a_task_that_does_nothing_cannot_succeed failing_task_is_visible
    every_admin_url_reaches_its_view health_tells_outage_from_normal ssrf_guard
    secrets_never_logged secrets_never_returned
    actions_need_permission anonymous_gets_nothing tls_is_verified no_secrets_in_the_repository
    no_default_secret_key fresh_clone_starts expired_tracker_login
    one_bad_item_does_not_fail_the_search sizes_with_separators short_words_survive
    info_hash_is_kept outage_is_not_an_empty_result cooldown_ends cooldown_survives_restart
    rate_limit_holds_for_two_workers hostile_xml_is_refused audiobook_category_only
    nothing_matches_means_nothing number_and_author_gates thresholds_are_rows scoring_goldens
"""


@pytest.mark.parametrize("name", re.findall(r"\w+", REMEMBERED))
def test_a_defect_that_is_remembered_has_its_test(name: str) -> None:
    assert name in WRITTEN
