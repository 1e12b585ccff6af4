//! Random plans: the guards that they show, and the overrides that lift each.

use std::collections::BTreeSet;

use proptest::prelude::*;
use stocktake::reconcile::{
    Enforcement, Guard, GuardOverrides, GuardVerdict, Plan, StockPlan, WriteBatch, approve,
};

use super::{
    Case, case, deletes, every_allowance, expected, is_about_the_read, lifted_by, name_of, parse, refusals,
    with_one_more_delete,
};
use crate::properties::world::World;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_plan_shows_exactly_the_guards_of_the_design(case in case()) {
        let plan = case.plan();
        let shown: BTreeSet<String> = plan.guards.iter().map(name_of).collect();
        prop_assert_eq!(shown.len(), plan.guards.len(), "a guard stands there twice");
        prop_assert_eq!(shown, expected(&case, &plan));
        prop_assert_eq!(plan.is_refused(), approve(plan.clone(), case.limits, &GuardOverrides::default()).is_err());
    }

    #[test]
    fn exactly_the_guards_that_are_not_allowed_refuse(case in case()) {
        let plan = case.plan();
        let allowed = case.allowances(&plan);
        let writes = plan.stocks.iter().flat_map(|stock| &stock.changes);
        let only_deletes = writes.clone().all(stocktake::reconcile::Change::is_delete);
        let refuses = |name: &String| name != "doubtful-deletes" || only_deletes;
        let (expected, lifting) = (expected(&case, &plan), lifted_by(&allowed));
        let still: BTreeSet<String> = expected.difference(&lifting).filter(|name| refuses(name)).cloned().collect();
        let refused = refusals(plan.clone(), case.limits, &allowed);
        prop_assert!(refused.iter().all(|verdict| verdict.effect == Enforcement::Refused));
        prop_assert_eq!(refused.into_iter().map(|verdict| name_of(&verdict)).collect::<BTreeSet<_>>(), still);
        let shown = case.world.guarded_plan(&case.world.live(), case.limits, &parse(&allowed));
        let lifted = shown.guards.iter().filter(|verdict| verdict.effect == Enforcement::Lifted);
        prop_assert!(lifted.clone().all(|verdict| allowed.contains(verdict.allowance.as_deref().unwrap_or_default())));
        prop_assert_eq!(lifted.map(name_of).collect::<BTreeSet<_>>(), expected.intersection(&lifting).cloned().collect());
    }

    #[test]
    fn no_other_allowance_lifts_a_guard(case in case()) {
        let plan = case.plan();
        let mut every = every_allowance(&plan);
        for verdict in &plan.guards {
            let lifting = verdict.allowance.clone();
            prop_assert_eq!(lifting.is_none(), matches!(verdict.guard, Guard::Protected { .. }));
            prop_assert!(lifting.as_ref().is_none_or(|name| every.remove(name)));
            let implying = lifting.as_ref().and_then(|name| every.take(&name.replace("delete-percent=", "empty-stock=")));
            match approve(plan.clone(), case.limits, &parse(&every)) {
                Err(mut refused) => {
                    refused.retain(|refusal| refusal.allowance.is_some() || refusal.guard == verdict.guard);
                    refused.retain(|refusal| implying.is_none() || refusal.allowance != implying);
                    // A protected stock refuses beside; what is withheld then refuses nothing itself.
                    let withheld = verdict.effect == Enforcement::Withheld && refused.is_empty();
                    prop_assert!(withheld || (refused.len() == 1 && refused[0].guard == verdict.guard));
                }
                Ok(approved) => {
                    let on_incomplete_read = is_about_the_read(verdict);
                    prop_assert!(on_incomplete_read && approved.deletes_withheld());
                    prop_assert_eq!(deletes(&approved.batches(1000)), 0);
                }
            }
            every.extend(lifting.into_iter().chain(implying));
        }
    }

    #[test]
    fn allowing_more_never_refuses_more(case in case(), more in any::<prop::sample::Index>()) {
        let plan = case.plan();
        let few = case.allowances(&plan);
        let mut many = few.clone();
        let every: Vec<String> = every_allowance(&plan).into_iter().collect();
        many.insert(every[more.index(every.len())].clone());
        let names = |verdicts: Vec<GuardVerdict>| -> BTreeSet<String> {
            verdicts.into_iter().map(|verdict| name_of(&verdict)).collect()
        };
        let before = names(refusals(plan.clone(), case.limits, &few));
        let after = names(refusals(plan, case.limits, &many));
        prop_assert!(after.is_subset(&before));
    }

    #[test]
    fn one_more_delete_never_makes_a_refused_plan_pass(case in case(), at in any::<prop::sample::Index>()) {
        let plan = case.plan();
        let allowed = case.allowances(&plan);
        // Emptying is another guard's business: who allows it by name may leave no disabled source behind.
        let Some(world) = with_one_more_delete(&case.world, 1, at) else { return Ok(()) };
        let more = Case { world, ..case.clone() }.plan();
        if approve(plan, case.limits, &parse(&allowed)).is_err() {
            prop_assert!(approve(more, case.limits, &parse(&allowed)).is_err());
        }
    }

    #[test]
    fn one_more_delete_never_makes_a_refused_plan_pass_when_nothing_is_allowed(
        case in case(),
        at in any::<prop::sample::Index>(),
    ) {
        let Some(world) = with_one_more_delete(&case.world, 0, at) else { return Ok(()) };
        let (plan, more) = (case.plan(), Case { world, ..case.clone() }.plan());
        prop_assert!(more.is_refused() || !plan.is_refused());
    }

    #[test]
    fn protecting_a_stock_refuses_its_deletes_and_nothing_else(case in case(), stock in 0..4_usize, way in 0..3_u8) {
        let mut free = case.clone();
        free.world.protected.clear();
        let mut guarded = free.clone();
        guarded.world.protected.push((stock, way));
        let (free, guarded) = (free.plan(), guarded.plan());
        let goes = free.stocks.iter().find(|plan| plan.stock_id == World::id(stock)).map_or(0, StockPlan::deletes);
        let every = every_allowance(&guarded);
        let refused = refusals(guarded.clone(), case.limits, &every);
        let still: Vec<String> = refused.iter().map(name_of).filter(|name| name.starts_with("protected=")).collect();
        prop_assert_eq!(still.len(), usize::from(goes > 0));
        prop_assert_eq!(refused.len(), still.len());
        prop_assert_eq!(&guarded.live_sha256, &free.live_sha256);
        let changes = |plan: &Plan| plan.stocks.iter().map(|stock| stock.changes.clone()).collect::<Vec<_>>();
        prop_assert_eq!(changes(&guarded), changes(&free));
    }

    #[test]
    fn withheld_deletes_are_in_no_call(mut case in case(), batch in 1..=8_usize) {
        case.world.protected.clear();
        let plan = case.plan();
        let mut every = every_allowance(&plan);
        every.remove("doubtful-deletes");
        let plan = case.world.guarded_plan(&case.world.live(), case.limits, &parse(&every));
        let mut trusted = case.clone();
        trusted.world.may_be_incomplete = false;
        let sure = approve(trusted.plan(), case.limits, &parse(&every)).unwrap();
        match approve(plan, case.limits, &parse(&every)) {
            Ok(approved) => {
                let saves: Vec<WriteBatch> = sure.batches(batch).into_iter().filter(|call| matches!(call, WriteBatch::Save(_))).collect();
                let withheld = case.world.may_be_incomplete && deletes(&sure.batches(batch)) > 0;
                prop_assert_eq!(approved.deletes_withheld(), withheld);
                let (left_out, creates) = (approved.plan().summary.withheld_deletes, approved.plan().summary.creates);
                prop_assert_eq!(left_out as usize, if withheld { deletes(&sure.batches(batch)) } else { 0 });
                prop_assert_eq!(approved.plan().needs_reindex, creates > 0 || deletes(&approved.batches(batch)) > 0);
                prop_assert_eq!(approved.batches(batch), if withheld { saves } else { sure.batches(batch) });
            }
            Err(refused) => {
                prop_assert!(case.world.may_be_incomplete);
                prop_assert!(refused.iter().all(is_about_the_read));
                prop_assert_eq!(deletes(&sure.batches(batch)), sure.batches(batch).iter().map(WriteBatch::len).sum::<usize>());
            }
        }
    }
}
