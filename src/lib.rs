//! Inventory topology as code for Adobe Commerce / Magento Multi-Source Inventory.
//!
//! ```text
//! inventory.yaml ─ load ─▶ Spec ┐
//!                               ├─ resolve ─ diff ─ rank ─▶ Plan ─ guard ─▶ ApprovedPlan ─ apply ─▶ Outcome ─▶ Report
//! Commerce ─ Reader::fetch ─▶ LiveState ┘                                   then reindex ─▶ prove (= fetch, plan, expect nothing)
//! ```

pub mod commerce;
pub mod sandbox;
