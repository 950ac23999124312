//! All cases.

mod approvals;
mod concurrency;
mod creating;
mod lists;
mod owning;
mod progress;
mod records;
mod retention;
mod signals;

use super::Case;

macro_rules! cases {
    ($($file:ident::$case:ident),* $(,)?) => {
        /// By name.
        pub const CASES: &[(&str, Case)] = &[$((stringify!($case), |store| Box::pin($file::$case(store)))),*];
    };
}

cases! {
    creating::a_run_is_made_once,
    creating::an_idempotency_key_stands_for_one_run,
    creating::an_instance_key_is_free_again_when_its_run_has_ended,
    creating::a_step_calls_one_run,
    creating::a_debounced_run_is_replaced_until_it_begins,
    creating::a_run_that_follows_another_is_made_when_that_has_ended,
    creating::a_run_keeps_who_began_it_and_in_which_trace,
    creating::a_short_run_is_one_write,
    creating::a_refused_batch_leaves_nothing,
    progress::entries_come_back_as_they_were,
    progress::who_is_fenced_cannot_write,
    progress::a_gap_is_refused,
    progress::a_snapshot_replaces_the_one_before,
    progress::the_first_answer_counts,
    progress::a_parent_hears_how_its_child_ended,
    progress::a_run_that_has_not_begun_is_cancelled_at_once,
    progress::a_running_one_is_told_to_stop_once,
    progress::an_ended_run_takes_nothing,
    owning::due_runs_come_in_order,
    owning::runs_of_a_lost_worker_are_claimed,
    owning::a_worker_without_lease_claims_nothing,
    owning::runs_of_some_versions_are_left_to_others,
    owning::a_message_makes_a_released_run_due,
    owning::changes_are_told,
    concurrency::runs_wait_for_a_place_in_order,
    concurrency::a_later_run_takes_its_place_when_it_starts,
    concurrency::what_was_put_aside_waits_for_a_place_with_all_it_has,
    concurrency::keys_are_apart,
    signals::a_signal_is_heard_once_by_all_who_listen,
    signals::an_early_signal_is_kept_for_one,
    signals::a_signal_may_be_for_one_run,
    signals::early_signals_are_bounded_and_end,
    signals::who_stopped_listening_hears_nothing,
    approvals::a_question_takes_as_many_answers_as_it_needs,
    approvals::one_rejection_is_enough,
    approvals::who_may_not_answer_is_refused,
    approvals::who_began_the_run_may_be_kept_from_answering,
    approvals::open_questions_are_listed,
    records::a_record_is_changed_only_as_expected,
    records::numbers_are_added_up,
    records::records_are_listed_by_prefix,
    records::blobs_are_held_by_runs_and_records,
    lists::runs_are_found_by_what_they_have_in_common,
    lists::pages_do_not_overlap,
    lists::counts_follow_states,
    retention::old_runs_are_deleted_in_slices,
    retention::the_newest_are_kept,
}
