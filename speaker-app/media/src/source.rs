//! Opening a file: its container, its first audio track, and the decoder.

use crate::error::MediaError;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::{MetadataOptions, StandardTag};

/// What a file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tags {
    pub(crate) title: Option<String>,
    pub(crate) artist: Option<String>,
    pub(crate) album: Option<String>,
    pub(crate) genre: Option<String>,
}

/// Longer tags are cut: they are spoken, and matched against speech.
const LONGEST_TAG_CHARS: usize = 200;

/// Finds the file's container.
pub(crate) fn open(path: &Path) -> Result<Box<dyn FormatReader>, MediaError> {
    let failed = |source| MediaError::File { path: path.to_owned(), source };
    // Opening a pipe would wait for its other end.
    if !path.metadata().map_err(failed)?.is_file() {
        return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
    }
    let file = File::open(path).map_err(failed)?;
    let mut hint = Hint::new();
    if let Some(extension) = path.extension().and_then(|extension| extension.to_str()) {
        hint.with_extension(extension);
    }
    let source = MediaSourceStream::new(Box::new(file), Default::default());
    let probe = || symphonia::default::get_probe().probe(&hint, source, FormatOptions::default(), MetadataOptions::default());
    guarded(probe).map_err(|error| refused(path, &error))
}

/// The first track with sound that can be decoded, and its decoder.
pub(crate) fn decoder(path: &Path, format: &dyn FormatReader) -> Result<(u32, Box<dyn AudioDecoder>), MediaError> {
    let missing = |reason: &str| MediaError::Format { path: path.to_owned(), reason: reason.to_owned() };
    let track = format.default_track(TrackType::Audio).ok_or_else(|| missing("there is no sound in it"))?;
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or_else(|| missing("it does not say how its sound is coded"))?;
    let make = || symphonia::default::get_codecs().make_audio_decoder(parameters, &AudioDecoderOptions::default());
    Ok((track.id, guarded(make).map_err(|error| refused(path, &error))?))
}

/// How many frames the file says that a track has.
pub(crate) fn announced(format: &dyn FormatReader, id: u32) -> Option<u64> {
    format.tracks().iter().find(|track| track.id == id)?.num_frames
}

/// The file's tags; of several of a kind the first.
pub(crate) fn tags(format: &mut dyn FormatReader) -> Tags {
    let mut found = Tags::default();
    let mut metadata = format.metadata();
    // The newest says most; what it leaves out an older one may know. Each is dropped as it is left.
    loop {
        if let Some(revision) = metadata.current() {
            let of_tracks = revision.per_track.iter().flat_map(|track| &track.metadata.tags);
            for tag in revision.media.tags.iter().chain(of_tracks).filter_map(|tag| tag.std.as_ref()) {
                let (place, text) = match tag {
                    StandardTag::TrackTitle(text) => (&mut found.title, text),
                    StandardTag::Artist(text) => (&mut found.artist, text),
                    StandardTag::Album(text) => (&mut found.album, text),
                    StandardTag::Genre(text) => (&mut found.genre, text),
                    _ => continue,
                };
                if place.is_none() && !text.trim().is_empty() {
                    *place = Some(text.trim().chars().filter(|char| !char.is_control()).take(LONGEST_TAG_CHARS).collect());
                }
            }
        }
        if metadata.pop().is_none() {
            return found;
        }
    }
}

/// Calls the decoder's code, which is not ours, on a file, which is nobody's: a panic is an error like another.
pub(crate) fn guarded<T>(call: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // Whatever was half changed is not used again: the caller gives the stream up.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(Err(Error::Unsupported(PANICKED)))
}

const PANICKED: &str = "the decoder failed on it";

/// Whether the error stands for a panic.
pub(crate) fn panicked(error: &Error) -> bool {
    matches!(error, Error::Unsupported(reason) if *reason == PANICKED)
}

fn refused(path: &Path, error: &Error) -> MediaError {
    MediaError::Format { path: path.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_of_its_file() {
        let error = guarded(|| -> Result<(), Error> { panic!("planted") }).expect_err("it panicked");
        assert!(panicked(&error));
        assert!(!panicked(&Error::Unsupported("something else")));
        assert!(refused(Path::new("a.mp3"), &error).to_string().contains("the decoder failed on it"));
    }
}
