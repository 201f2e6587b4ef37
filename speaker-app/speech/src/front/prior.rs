//! How clean speech is distributed: Gaussians of its cepstra, from the acoustics themselves.
//!
//! The model keeps 128 Gaussians of the static cepstra for each of its phones (`means`, `variances`: files of Sphinx-3's, version 1.0, as
//! libsphinxbase's `bio.c` and PocketSphinx's `ms_gauden.c` read them). Six clusters for each phone are enough to tell where in the space a
//! frame lies, and few enough for every frame. Which phone is which, its definition says (`mdef`, whose own header describes its binary form).

use super::bands::{CEPSTRA, Cepstra};
use crate::error::{Result, SpeechError};
use std::ops::Range;
use std::path::Path;

/// A Gaussian of clean speech, independent in each of the cepstra.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gaussian {
    /// How often it is met.
    pub(super) weight: f32,
    pub(super) mean: Cepstra,
    pub(super) variance: Cepstra,
}

/// The distribution of clean speech, of which the mean of an utterance's cepstra was taken away.
#[derive(Debug, Clone)]
pub(crate) struct Prior {
    pub(super) gaussians: Vec<Gaussian>,
    /// Names of the phones, and which of the Gaussians are theirs. Empty for models whose Gaussians are not those of phones.
    pub(super) phones: Vec<(String, Range<usize>)>,
}

/// Clusters of a phone's Gaussians.
const CLUSTERS: usize = 6;
/// Rounds in which clusters find their members.
const ROUNDS: usize = 10;

impl Prior {
    /// Reads a model's acoustics: a folder with `means`, `variances` and `mdef`.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let (means, variances) = (parameters(&folder.join("means"))?, parameters(&folder.join("variances"))?);
        if means.len() != variances.len() || means.iter().zip(&variances).any(|(mean, variance)| mean.len() != variance.len()) {
            return Err(SpeechError::BadModel { path: folder.to_owned() });
        }
        let share = 1.0 / means.len() as f32;
        let mut names = names(&read(&folder.join("mdef"))?).unwrap_or_default();
        if names.len() != means.len() {
            names.clear();
        }
        let mut names = names.into_iter();
        let (mut gaussians, mut phones) = (Vec::new(), Vec::new());
        for (means, variances) in means.iter().zip(&variances) {
            let first = gaussians.len();
            gaussians.extend(clusters(means, variances, share));
            phones.extend(names.next().map(|name| (name, first..gaussians.len())));
        }
        Ok(Self { gaussians, phones })
    }

    /// The Gaussians of a phone; none of one that the model does not have.
    pub(super) fn of_phone(&self, name: &str) -> &[Gaussian] {
        self.phones.iter().find(|(phone, _)| phone == name).map_or(&[], |(_, range)| &self.gaussians[range.clone()])
    }
}

/// Static cepstra of each phone's Gaussians, from a file of parameters.
fn parameters(path: &Path) -> Result<Vec<Vec<Cepstra>>> {
    parse(&read(path)?).ok_or_else(|| SpeechError::BadModel { path: path.to_owned() })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|_| SpeechError::MissingModel { path: path.to_owned() })
}

/// Numbers behind a definition's description, before the names.
const DEFINITION_NUMBERS: usize = 10;

/// Names of the phones, from a binary definition; `None` where it is anything else.
fn names(bytes: &[u8]) -> Option<Vec<String>> {
    let number = |bytes: &[u8]| Some(u32::from_le_bytes(*bytes.first_chunk()?) as usize);
    let rest = bytes.strip_prefix(b"BMDF")?;
    let description = number(rest.get(4..)?)?;
    let rest = rest.get(description.checked_add(8)?..)?;
    let count = number(rest).filter(|count| (1..MANY).contains(count))?;
    let mut names = rest.get(4 * DEFINITION_NUMBERS..)?.split(|byte| *byte == 0);
    (0..count).map(|_| Some(std::str::from_utf8(names.next()?).ok()?.to_owned())).collect()
}

/// What ends the header.
const HEADER_END: &[u8] = b"endhdr\n";
/// The number behind it, by which a reader knows the order of bytes: the lowest comes first here.
const MAGIC: usize = 0x1122_3344;
/// More of anything than a model has.
const MANY: usize = 100_000;

fn parse(bytes: &[u8]) -> Option<Vec<Vec<Cepstra>>> {
    let header = bytes.windows(HEADER_END.len()).take(4_096).position(|window| window == HEADER_END)?;
    let mut words = bytes[header + HEADER_END.len()..].as_chunks::<4>().0.iter();
    let mut number = || words.next().map(|word| u32::from_le_bytes(*word) as usize);
    let (magic, phones, streams, densities) = (number()?, number()?, number()?, number()?);
    if magic != MAGIC || !(1..MANY).contains(&phones) || !(1..16).contains(&streams) || !(1..MANY).contains(&densities) {
        return None;
    }
    let lengths: Vec<usize> = (0..streams).map(|_| number()).collect::<Option<_>>()?;
    let total = number()?;
    // The first stream must be the static cepstra alone (`-svspec 0-12/…`).
    let length: usize = lengths.iter().sum();
    if lengths[0] != CEPSTRA || length > MANY || phones.checked_mul(densities)?.checked_mul(length)? != total {
        return None;
    }
    let values: Vec<f32> = words.map(|word| f32::from_le_bytes(*word)).collect();
    // Behind the values there may be a checksum.
    let values = values.get(..total)?;
    let finite = values.iter().all(|value| value.is_finite());
    let of_phone = |phone: &[f32]| phone[..densities * CEPSTRA].as_chunks().0.to_vec();
    finite.then(|| values.chunks_exact(densities * length).map(of_phone).collect())
}

/// Variances below this are the noise of few examples.
const LEAST_VARIANCE: f32 = 0.01;

/// A phone's Gaussians, those near to each other taken together (k-means, begun evenly over the loudness).
fn clusters(means: &[Cepstra], variances: &[Cepstra], weight: f32) -> Vec<Gaussian> {
    let count = means.len() as f32;
    let spread = moments(means.iter()).1.map(|variance| 1.0 / variance.max(LEAST_VARIANCE));
    let mut by_loudness: Vec<&Cepstra> = means.iter().collect();
    by_loudness.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let wanted = CLUSTERS.min(means.len());
    let mut centres: Vec<Cepstra> =
        (0..wanted).map(|cluster| *by_loudness[(2 * cluster + 1) * means.len() / (2 * wanted)]).collect();
    let mut members: Vec<usize> = Vec::new();
    for _ in 0..ROUNDS {
        members = means.iter().map(|mean| nearest(mean, &centres, &spread)).collect();
        for (index, centre) in centres.iter_mut().enumerate() {
            if members.contains(&index) {
                *centre = moments(of(means, &members, index)).0;
            }
        }
    }
    let cluster = |index: usize| {
        let size = members.iter().filter(|member| **member == index).count();
        let (mean, between) = moments(of(means, &members, index));
        let (within, _) = moments(of(variances, &members, index));
        let variance = std::array::from_fn(|order| (within[order] + between[order]).max(LEAST_VARIANCE));
        (size > 0).then_some(Gaussian { weight: weight * size as f32 / count, mean, variance })
    };
    (0..wanted).filter_map(cluster).collect()
}

/// Those of a cluster.
fn of<'a>(all: &'a [Cepstra], members: &[usize], cluster: usize) -> impl Iterator<Item = &'a Cepstra> + Clone {
    all.iter().zip(members).filter(move |(_, member)| **member == cluster).map(|(value, _)| value)
}

/// Mean and variance; zeros of none.
fn moments<'a>(values: impl Iterator<Item = &'a Cepstra> + Clone) -> (Cepstra, Cepstra) {
    let count = values.clone().count().max(1) as f32;
    let mean: Cepstra = std::array::from_fn(|order| values.clone().map(|value| value[order]).sum::<f32>() / count);
    let variance = |order: usize| values.clone().map(|value| (value[order] - mean[order]).powi(2)).sum::<f32>() / count;
    (mean, std::array::from_fn(variance))
}

/// The nearest centre, by distances that each of the cepstra counts in its own measure for.
fn nearest(mean: &Cepstra, centres: &[Cepstra], spread: &Cepstra) -> usize {
    let distance = |centre: &Cepstra| -> f32 {
        mean.iter().zip(centre).zip(spread).map(|((mean, centre), spread)| (mean - centre).powi(2) * spread).sum()
    };
    let nearer = centres.iter().map(distance).enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b));
    nearer.map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::{CEPSTRA, Cepstra, clusters, names, parse};

    /// A definition of three phones.
    fn definition() -> Vec<u8> {
        let mut bytes = b"BMDF".to_vec();
        for number in [1_u32, 8] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(b"WHAT IS\n");
        bytes.extend([3_u32, 9, 3, 9, 9, 3, 9, 3, 9, 0].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend(b"SIL\0AA\0ZH\0\0\0and what follows");
        bytes
    }

    #[test]
    fn phones_are_named() {
        assert_eq!(names(&definition()).expect("is such a file"), ["SIL", "AA", "ZH"]);
        assert_eq!(names(b"0.3\n42 n_base\n"), None, "a definition as text");
        let mut many = definition();
        many[20..24].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(names(&many), None);
        for length in 0..60 {
            assert_eq!(names(&definition()[..length]), None, "{length} bytes");
        }
    }

    /// A file of one phone with two streams, the first of static cepstra.
    fn file(densities: u32, values: &[f32]) -> Vec<u8> {
        let mut bytes = b"s3\nversion 1.0\nendhdr\n".to_vec();
        let cepstra = u32::try_from(CEPSTRA).expect("small");
        let total = u32::try_from(values.len()).expect("small");
        for number in [0x1122_3344, 1, 2, densities, cepstra, 1, total] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        bytes
    }

    #[test]
    fn the_first_stream_is_read() {
        let values: Vec<f32> = (0..28_u8).map(f32::from).collect();
        let read = parse(&file(2, &values)).expect("is such a file");
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].len(), 2);
        assert!(read[0][1].iter().zip(&values[CEPSTRA..]).all(|(read, value)| read.to_bits() == value.to_bits()));
    }

    #[test]
    fn damaged_files_are_refused() {
        let whole = file(2, &[0.5; 28]);
        for length in 0..whole.len() {
            assert_eq!(parse(&whole[..length]), None, "{length} bytes");
        }
        assert_eq!(parse(&file(3, &[0.5; 28])), None, "more densities than values");
        assert_eq!(parse(&file(u32::MAX, &[0.5; 28])), None);
        assert_eq!(parse(&file(2, &[f32::NAN; 28])), None);
        let mut other_order = whole;
        other_order[22..26].reverse();
        assert_eq!(parse(&other_order), None);
    }

    #[test]
    fn clusters_keep_weight_and_mean() {
        let means: Vec<Cepstra> =
            (0..40_u8).map(|at| [f32::from(at % 10), f32::from(at), 0.0].repeat(5)[..CEPSTRA].try_into().expect("13")).collect();
        let made = clusters(&means, &vec![[1.0; CEPSTRA]; 40], 0.25);
        assert!((made.iter().map(|gaussian| gaussian.weight).sum::<f32>() - 0.25).abs() < 1e-5);
        let mean = made.iter().map(|gaussian| gaussian.weight * gaussian.mean[1]).sum::<f32>() / 0.25;
        assert!((mean - 19.5).abs() < 1e-3, "{mean}");
        // Within and between.
        assert!(made.iter().all(|gaussian| gaussian.variance[1] > 1.0 && gaussian.variance[2] >= 1.0));
    }
}
