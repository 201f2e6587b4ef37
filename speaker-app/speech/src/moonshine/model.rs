//! Moonshine's two networks, as ONNX Runtime runs them: the encoder hears, the decoder says which piece comes next.
//!
//! Names and shapes are those of the model's own export, merged decoder (`[rows × heads × pieces × 36]` for what it remembers).

use super::vocabulary::{BEGIN, Piece};
use crate::error::{Result, SpeechError};
use ort::environment::Environment;
use ort::session::{Session, SessionInputValue, SessionOutputs};
use ort::value::TensorRef;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// Layers of the decoder.
const LAYERS: usize = 6;
/// Heads of a layer.
const HEADS: usize = 8;
/// Numbers that a head remembers of a piece.
const WIDTH: usize = 36;
/// Numbers that the encoder makes of a frame.
const HIDDEN: usize = 288;

/// The decoder's mask over what was heard: one that stands for all of it.
const HEED: [i64; 1] = [1];

/// Both networks.
pub(super) struct Model {
    encoder: Session,
    decoder: Session,
    /// The decoder's inputs and outputs, in the order in which memory is kept here.
    own: Vec<(String, String)>,
    heard: Vec<(String, String)>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Model { .. }")
    }
}

/// What an utterance sounds like: `[frames × 288]`.
pub(super) struct Sound {
    hidden: Vec<f32>,
}

/// Texts on their way: what the decoder remembers of each, and what it expects next.
#[derive(Clone)]
pub(super) struct Branch {
    /// By layer, keys then values: `[rows × heads × pieces × 36]`.
    own: Vec<Vec<f32>>,
    rows: usize,
    pieces: usize,
    /// By layer, keys then values, the same for all rows: `[1 × heads × frames × 36]`.
    heard: Arc<Vec<Vec<f32>>>,
    sound: Arc<Sound>,
    /// `[rows × pieces of the vocabulary]`.
    expected: Vec<f32>,
    /// Of each row, the logarithm of what its exponentials are together.
    sums: Vec<f64>,
}

/// What is expected next of one text.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    expected: &'a [f32],
    sum: f64,
}

impl Row<'_> {
    /// Logarithm of a piece's probability.
    pub(super) fn log(&self, piece: Piece) -> f64 {
        self.expected.get(piece as usize).map_or(f64::MIN, |&value| f64::from(value) - self.sum)
    }
}

impl Branch {
    /// What comes next in a row.
    pub(super) fn row(&self, row: usize) -> Row<'_> {
        let width = self.expected.len() / self.rows;
        Row { expected: &self.expected[row * width..(row + 1) * width], sum: self.sums[row] }
    }

    /// The encoder's frames, of 24 ms.
    fn frames(&self) -> usize {
        self.sound.hidden.len() / HIDDEN
    }
}

impl Model {
    /// Loads both networks from files in ONNX Runtime's own format.
    ///
    /// # Errors
    /// The reason, when a file is missing or is another network's.
    pub(super) fn new(environment: &Environment, encoder: &Path, decoder: &Path) -> Result<Model, ort::Error> {
        let load = |file: &Path| -> Result<Session, ort::Error> {
            // One thread: the others belong to the audio. What is kept from run to run must not grow with the longest one.
            Session::builder(environment)?
                .with_intra_threads(1)?
                .with_inter_threads(1)?
                .with_memory_pattern(false)?
                .commit_from_file(file)
        };
        let (encoder, decoder) = (load(encoder)?, load(decoder)?);
        let names = |of: &str| {
            let sides = (0..LAYERS).flat_map(|layer| [(layer, "key"), (layer, "value")]);
            let name = |(layer, side)| (format!("past_key_values.{layer}.{of}.{side}"), format!("present.{layer}.{of}.{side}"));
            sides.map(name).collect::<Vec<_>>()
        };
        let (own, heard) = (names("decoder"), names("encoder"));
        let has = |name: &str| decoder.inputs().iter().any(|input| input.name() == name);
        if let Some((missing, _)) = own.iter().chain(&heard).find(|(name, _)| !has(name)) {
            return Err(ort::Error::new(format!("the decoder has no input {missing}")));
        }
        Ok(Model { encoder, decoder, own, heard })
    }

    /// Hears samples at 16 kHz, full scale ±1; about 8 ms a second of them.
    pub(super) fn hear(&mut self, samples: &[f32]) -> Result<Sound> {
        let shape = [1, samples.len()];
        let mask = vec![1_i64; samples.len()];
        let inputs = [
            input("input_values", TensorRef::from_array_view((shape, samples)).map_err(failed)?),
            input("attention_mask", TensorRef::from_array_view((shape, mask.as_slice())).map_err(failed)?),
        ];
        let outputs = self.encoder.run(inputs.into_iter().collect::<Vec<_>>()).map_err(failed)?;
        let (shape, hidden) = output(&outputs, "last_hidden_state")?;
        if shape.last().is_none_or(|&width| width != HIDDEN) || hidden.is_empty() {
            return Err(SpeechError::Recogniser { action: "hear" });
        }
        Ok(Sound { hidden: hidden.to_vec() })
    }

    /// Begins a text with these pieces; with the logarithm of their probability.
    pub(super) fn begin(&mut self, sound: &Arc<Sound>, pieces: &[Piece]) -> Result<(Branch, f64)> {
        // The first step reads nothing of what would be remembered, and makes all of it.
        let nothing = vec![vec![0.0; HEADS * WIDTH]; LAYERS * 2];
        let heard = Arc::new(nothing.clone());
        let (expected, sums) = (Vec::new(), Vec::new());
        let branch = Branch { own: nothing, rows: 1, pieces: 1, heard, sound: Arc::clone(sound), expected, sums };
        let written: Vec<i64> = [BEGIN].iter().chain(pieces).map(|&piece| i64::from(piece)).collect();
        let mut all = self.step(&branch, &branch.own, 1, &written, false)?;
        // What was expected at every piece: as if each were a text.
        all.rows = written.len();
        let before = (0..).zip(pieces).map(|(row, &piece)| all.row(row).log(piece)).sum();
        let width = all.expected.len() / all.rows;
        all.expected.drain(..width * pieces.len());
        all.sums.drain(..pieces.len());
        all.rows = 1;
        Ok((all, before))
    }

    /// Goes on with `pieces`, each after the text in the row that `rows` says.
    pub(super) fn go_on(&mut self, branch: &Branch, rows: &[usize], pieces: &[Piece]) -> Result<Branch> {
        let size = HEADS * branch.pieces * WIDTH;
        let chosen = |memory: &Vec<f32>| rows.iter().flat_map(|row| &memory[row * size..(row + 1) * size]).copied().collect();
        let own: Vec<Vec<f32>> = branch.own.iter().map(chosen).collect();
        let written: Vec<i64> = pieces.iter().map(|&piece| i64::from(piece)).collect();
        self.step(branch, &own, rows.len(), &written, true)
    }

    fn step(&mut self, branch: &Branch, own: &[Vec<f32>], rows: usize, written: &[i64], remembers: bool) -> Result<Branch> {
        let frames = branch.frames();
        let remembers_it = [remembers];
        let heard_frames = if remembers { frames } else { 1 };
        let mut inputs = vec![
            input("input_ids", TensorRef::from_array_view(([rows, written.len() / rows], written)).map_err(failed)?),
            input("encoder_attention_mask", TensorRef::from_array_view(([1, 1], HEED.as_slice())).map_err(failed)?),
            input(
                "encoder_hidden_states",
                TensorRef::from_array_view(([1, frames, HIDDEN], branch.sound.hidden.as_slice())).map_err(failed)?,
            ),
            input("use_cache_branch", TensorRef::from_array_view(([1], remembers_it.as_slice())).map_err(failed)?),
        ];
        let own = self.own.iter().zip(own).map(|((name, _), memory)| (name, memory, [rows, HEADS, branch.pieces, WIDTH]));
        let heard =
            self.heard.iter().zip(branch.heard.iter()).map(|((name, _), memory)| (name, memory, [1, HEADS, heard_frames, WIDTH]));
        for (name, memory, shape) in own.chain(heard) {
            inputs.push(input(name, TensorRef::from_array_view((shape, memory.as_slice())).map_err(failed)?));
        }
        let outputs = self.decoder.run(inputs).map_err(failed)?;
        let taken = |name: &str| -> Result<Vec<f32>> { Ok(output(&outputs, name)?.1.to_vec()) };
        let own = self.own.iter().map(|(_, name)| taken(name)).collect::<Result<Vec<_>>>()?;
        let heard = if remembers {
            Arc::clone(&branch.heard)
        } else {
            Arc::new(self.heard.iter().map(|(_, name)| taken(name)).collect::<Result<Vec<_>>>()?)
        };
        let (shape, logits) = output(&outputs, "logits")?;
        let width = shape.last().copied().filter(|&width| width > 0);
        let width = width.ok_or(SpeechError::Recogniser { action: "hear" })?;
        let expected = logits.to_vec();
        let sums = expected.chunks_exact(width).map(sum_of_exponentials).collect();
        let pieces = own.first().map_or(0, |memory| memory.len() / (rows * HEADS * WIDTH));
        Ok(Branch { own, rows, pieces, heard, sound: Arc::clone(&branch.sound), expected, sums })
    }
}

/// Logarithm of the sum of exponentials.
fn sum_of_exponentials(values: &[f32]) -> f64 {
    let most = values.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = values.iter().map(|value| (value - most).exp()).sum();
    f64::from(most) + f64::from(sum).ln()
}

/// The shape and the values of an output.
fn output<'a>(outputs: &'a SessionOutputs<'_>, name: &str) -> Result<(Vec<usize>, &'a [f32])> {
    let refused = SpeechError::Recogniser { action: "hear" };
    let (shape, values) = outputs.get(name).ok_or(refused)?.try_extract_tensor::<f32>().map_err(failed)?;
    Ok((shape.iter().map(|&size| usize::try_from(size).unwrap_or(0)).collect(), values))
}

fn input<'a, T>(name: &str, tensor: TensorRef<'a, T>) -> (Cow<'static, str>, SessionInputValue<'a>)
where
    T: ort::value::PrimitiveTensorElementType + std::fmt::Debug,
{
    (Cow::Owned(name.to_owned()), tensor.into())
}

/// What the runtime says is for its makers.
fn failed(_: ort::Error) -> SpeechError {
    SpeechError::Recogniser { action: "hear" }
}
