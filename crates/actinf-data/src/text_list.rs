//! A list of texts in one allocation.

/// Texts one after the other: a column of cells, or the cells of a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TextList {
    text: String,
    ends: Vec<usize>,
}

impl TextList {
    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        self.append(text);
        self.close();
    }

    /// Adds a part of the text that [`TextList::close`] ends.
    pub(crate) fn append(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// Ends the text begun with [`TextList::append`].
    pub(crate) fn close(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Removes all texts and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// The number of texts.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text at `index`; empty beyond the end.
    pub(crate) fn get(&self, index: usize) -> &str {
        let end = self.ends.get(index).copied().unwrap_or(self.text.len());
        let start = match index {
            0 => 0,
            _ => self.ends.get(index - 1).copied().unwrap_or(self.text.len()),
        };
        &self.text[start..end]
    }

    /// All texts, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }
}
