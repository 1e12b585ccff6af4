//! Collects the edits that bring files in line with the live state: changed lists, added stocks and sources.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use spanned_yaml::diag::{Diagnostic, Findings, InputFiles, Label, Severity, Span, shown};
use spanned_yaml::{Edit, Node, Tree, edited};

use super::additions::{declare, list, text_of};
use super::arrange::{in_order, in_place};
use super::edit_error::EditError;
use super::entries::{self, field, key};
use super::from_live::{ExportOptions, Exported, Form, LeftOut, SourcesForm, export};
use super::list::Rewrite;
use super::proof::ExportError;
use super::updated::{UpdateError, UpdateOptions, Updated};
use crate::model::{DEFAULT_STOCK, LiveState, Priority, SourceCode, StockId, StockName};
use crate::reconcile::Plan;
use crate::spec::emit::StockText;
use crate::spec::{Links, Spec, WantedStock};

pub(super) fn trees(files: &InputFiles) -> Vec<Tree<'_>> {
    let mut findings = Findings::default();
    let ids = files.iter().map(|(id, _)| id);
    ids.filter_map(|id| spanned_yaml::read(files, id, &mut findings))
        .collect()
}

/// Collects the edits.
pub(super) struct Updater<'a> {
    files: &'a InputFiles,
    trees: &'a [Tree<'a>],
    spec: &'a Spec,
    live: &'a LiveState,
    edits: Vec<Edit>,
    /// The sources that the edits name.
    used: Vec<SourceCode>,
    updated: Updated,
}

impl<'a> Updater<'a> {
    /// Begins with no edit.
    pub(super) fn new(
        files: &'a InputFiles,
        trees: &'a [Tree<'a>],
        spec: &'a Spec,
        live: &'a LiveState,
    ) -> Self {
        Self {
            files,
            trees,
            spec,
            live,
            edits: Vec::new(),
            used: Vec::new(),
            updated: Updated::default(),
        }
    }

    /// Edits the lists that differ; gives the names of their stocks.
    pub(super) fn bring_in_line(
        &mut self,
        before: &Plan,
        options: &UpdateOptions,
    ) -> Result<HashSet<StockName>, UpdateError> {
        let chosen = |id| options.stocks.as_ref().is_none_or(|stocks| stocks.contains(&id));
        let pairs = before.stocks.iter().zip(&self.spec.stocks);
        let differ: Vec<_> = pairs
            .filter(|(plan, _)| !plan.in_sync() && chosen(plan.stock_id))
            .collect();
        let places: HashMap<Span, Node<'a>> = self.trees.iter().flat_map(stock_nodes).collect();
        let mut texts = BTreeMap::new();
        for form in [Form::Ordered, Form::Explicit] {
            let of_form = differ.iter().filter(|(_, wanted)| form_of(&wanted.links) == form);
            let ids: BTreeSet<_> = of_form.map(|(plan, _)| plan.stock_id).collect();
            texts.extend(self.live_texts(
                ids,
                form,
                &differ.iter().map(|(p, w)| (p.stock_id, w.span)).collect(),
            )?);
        }
        let mut touched = HashSet::new();
        for (plan, wanted) in differ {
            let (Some(text), Some(node)) = (texts.remove(&wanted.name), places.get(&wanted.span)) else {
                return Err(ExportError(format!("`{}` was not found", wanted.name)).into());
            };
            self.edit(*node, &text)?;
            self.remark(wanted, &text);
            touched.insert(plan.name.clone());
            self.updated.changed.push(wanted.name.clone());
        }
        Ok(touched)
    }

    /// The stocks as they are live; an error names those that cannot be written.
    fn live_texts(
        &self,
        stocks: BTreeSet<StockId>,
        form: Form,
        places: &HashMap<StockId, Span>,
    ) -> Result<BTreeMap<StockName, StockText>, UpdateError> {
        let options = ExportOptions {
            stocks: Some(stocks),
            form,
            sources: SourcesForm::Nothing,
        };
        let Exported { document, left_out } = export(self.live, &options)?;
        if left_out.is_empty() {
            let texts = document.stocks.into_iter();
            return Ok(texts.map(|text| (text.name.clone(), text)).collect());
        }
        let findings = left_out
            .iter()
            .map(|stock| cannot_be_owned(stock, places.get(&stock.id).copied()));
        Err(UpdateError::Findings(findings.collect()))
    }

    fn edit(&mut self, stock: Node<'a>, text: &StockText) -> Result<(), UpdateError> {
        let Some((key, list)) = key(stock, "sources").zip(field(stock, "sources")?) else {
            return Err(EditError::new(stock.head(), "its list was not found").into());
        };
        let file = text_of(self.files, list.head().file);
        let entries = entries::read(list)?;
        let old: Vec<_> = entries.iter().map(|entry| entry.code.clone()).collect();
        let codes: Vec<_> = text.links.codes().cloned().collect();
        let numbers = text.links.numbered();
        let numbers: HashMap<&SourceCode, Priority> = numbers
            .filter_map(|(link, number)| Some((&link.code, number?)))
            .collect();
        let placed = match form_of(&text.links) {
            Form::Explicit => in_place(&old, &codes),
            Form::Ordered => in_order(&old, &codes),
        };
        let within = entries
            .iter()
            .map(|entry| entry.numbered(*numbers.get(&entry.code)?, file));
        let rewrite = Rewrite {
            text: file,
            key,
            list,
            entries: &entries,
            placed: &placed,
            new: &text.links.items(),
            within: &within.collect::<Vec<_>>(),
        };
        self.edits.extend(rewrite.edits()?);
        self.used.extend(codes);
        Ok(())
    }

    fn remark(&mut self, wanted: &WantedStock, text: &StockText) {
        let turned = form_of(&wanted.links) != form_of(&text.links);
        let remarks = text.comments.iter().filter(|_| turned);
        let remarks = remarks.map(|remark| format!("`{}`: {remark}", shown(wanted.name.as_str())));
        self.updated.remarks.extend(remarks);
    }

    /// Adds the stocks that no file lists.
    pub(super) fn add(&mut self, before: &Plan, options: &UpdateOptions) -> Result<(), UpdateError> {
        let owned: HashSet<_> = before.stocks.iter().map(|stock| stock.stock_id).collect();
        let is_named = |id: &StockId| options.stocks.as_ref().is_some_and(|stocks| stocks.contains(id));
        let wanted = |id: &StockId| *id != DEFAULT_STOCK && (options.add_all || is_named(id));
        let ids = self.live.stocks.iter().map(|stock| stock.id);
        let ids: BTreeSet<_> = ids.filter(|id| !owned.contains(id) && wanted(id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let options_of_export = ExportOptions {
            stocks: Some(ids),
            ..ExportOptions::default()
        };
        let Exported { document, left_out } = export(self.live, &options_of_export)?;
        let refused = left_out.iter().filter(|stock| is_named(&stock.id));
        let refused: Vec<_> = refused.map(|stock| cannot_be_owned(stock, None)).collect();
        if !refused.is_empty() {
            return Err(UpdateError::Findings(refused));
        }
        if !document.stocks.is_empty() {
            self.edits.extend(list(self.files, self.trees, &document.stocks)?);
        }
        for stock in document.stocks {
            self.used.extend(stock.links.codes().cloned());
            self.updated.added.push(stock.name);
        }
        self.updated.left_out = left_out;
        Ok(())
    }

    /// Declares the sources that the edits name, where the files have a closed list.
    pub(super) fn declare(&mut self) -> Result<(), UpdateError> {
        let Some(declared) = &self.spec.sources else {
            return Ok(());
        };
        let declared: HashSet<&SourceCode> = declared.iter().map(|source| &source.code).collect();
        let missing = self.used.iter().filter(|code| !declared.contains(code));
        let missing: BTreeSet<_> = missing.cloned().collect();
        if !missing.is_empty() {
            let edits = declare(self.files, self.trees, missing, self.live)?;
            self.edits.extend(edits);
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Updated, UpdateError> {
        for (id, file) in self.files.iter() {
            let here: Vec<_> = self.edits.extract_if(.., |edit| edit.span.file == id).collect();
            if here.is_empty() {
                continue;
            }
            let text = edited(&file.text, here);
            let text = text.ok_or_else(|| ExportError("the edits do not fit together".to_owned()))?;
            self.updated.files.push((id, text));
        }
        Ok(self.updated)
    }
}

/// The stocks of a file by the place of their names.
fn stock_nodes<'t>(tree: &'t Tree<'t>) -> Vec<(Span, Node<'t>)> {
    let Some(Ok(Some(stocks))) = tree.root().map(|root| field(root, "stocks")) else {
        return Vec::new();
    };
    let named = |stock: Node<'t>| Some((field(stock, "name").ok()??.head(), stock));
    stocks.items().filter_map(named).collect()
}

fn form_of<S>(links: &Links<S>) -> Form {
    match links {
        Links::Ordered(_) => Form::Ordered,
        Links::Explicit(_) => Form::Explicit,
    }
}

fn cannot_be_owned(stock: &LeftOut, span: Option<Span>) -> Diagnostic {
    Diagnostic {
        rule: "not-writable",
        severity: Severity::Error,
        message: format!("the live links cannot be written down: {stock}"),
        at: span.map(|span| Label {
            span,
            text: "cannot be brought in line".to_owned(),
        }),
        related: Vec::new(),
        help: vec![
            "change the stock in Admin, or let `apply` bring the shop in line with the file".to_owned(),
        ],
    }
}
