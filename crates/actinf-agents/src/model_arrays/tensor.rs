//! Arrays of any number of dimensions.

/// Numbers in row-major order: the last index varies fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// The size of each dimension.
    pub shape: Vec<usize>,
    /// The numbers.
    pub cells: Vec<f64>,
}

impl Tensor {
    /// An array from numbers in column-major order, the first index varying fastest, as MATLAB keeps them; missing dimensions at
    /// the end, which MATLAB drops, have size 1. `None` if the numbers do not fill the shape.
    ///
    /// # Example
    ///
    /// ```
    /// use actinf_agents::model_arrays::Tensor;
    /// let tensor = Tensor::of_columns(vec![2, 3], &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]).unwrap();
    /// assert_eq!(tensor.cells, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    /// assert_eq!(tensor.column(&[1]), [2.0, 5.0]);
    /// ```
    pub fn of_columns(shape: Vec<usize>, numbers: &[f64]) -> Option<Tensor> {
        let count: usize = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size))?;
        if count != numbers.len() {
            return None;
        }
        let mut cells = Vec::with_capacity(count);
        let mut index = vec![0; shape.len()];
        for _ in 0..count {
            let at = index.iter().zip(&shape).rev().fold(0, |at, (index, size)| at * size + index);
            cells.push(numbers[at]);
            advance(&mut index, &shape);
        }
        Some(Tensor { shape, cells })
    }

    /// The numbers along the first dimension, at an index into all others.
    pub fn column(&self, rest: &[usize]) -> Vec<f64> {
        let sizes = self.shape.get(1..).unwrap_or_default();
        let at = rest.iter().zip(sizes).fold(0, |at, (index, size)| at * size + index);
        let stride: usize = sizes.iter().product();
        (0..self.shape.first().copied().unwrap_or(0)).map(|row| self.cells[row * stride + at]).collect()
    }

    /// Whether the numbers differ along a dimension.
    pub(super) fn varies_along(&self, dimension: usize) -> bool {
        let inner: usize = self.shape[dimension + 1..].iter().product();
        let size = self.shape[dimension];
        self.cells.chunks_exact(size * inner).any(|block| {
            let (first, others) = block.split_at(inner);
            others
                .chunks_exact(inner)
                .any(|other| first.iter().zip(other).any(|(a, b)| a.to_bits() != b.to_bits()))
        })
    }

    /// The same with dimensions of size 1 added at the end or removed there, to have as many as `dimensions`.
    pub fn with_dimensions(mut self, dimensions: usize) -> Tensor {
        while self.shape.len() > dimensions && self.shape.last() == Some(&1) {
            self.shape.pop();
        }
        self.shape.resize(self.shape.len().max(dimensions), 1);
        self
    }

    pub(super) fn check(&self, what: &str, shape: &[usize]) -> Result<(), String> {
        if self.shape != shape || self.cells.len() != shape.iter().product::<usize>() {
            return Err(format!("{what}: the array has shape {:?}, but {shape:?} is needed", self.shape));
        }
        if self.cells.is_empty() {
            return Err(format!("{what}: the array is empty"));
        }
        match self.cells.iter().find(|cell| !(cell.is_finite() && **cell >= 0.0)) {
            Some(cell) => Err(format!("{what}: {cell} is neither a probability nor a count")),
            None => Ok(()),
        }
    }
}

/// The next index, the last dimension varying fastest; 0 after the last one.
pub(super) fn advance(index: &mut [usize], shape: &[usize]) {
    for (digit, &size) in index.iter_mut().zip(shape).rev() {
        *digit += 1;
        if *digit < size {
            return;
        }
        *digit = 0;
    }
}
