//! The recording in the example firmwares: how `examples/recording.wav` was made, in whole numbers alone, so that it can be made
//! again.
//!
//! An eighth of a second of a tone that rises, soft, loud and soft again, with noise: something for every band of the equaliser
//! and for its compressor. IMA ADPCM with four blocks, and a list with a comment before the format.

/// Samples a second.
const RATE_HZ: u32 = 16_000;
/// Bytes of a block: a sample, a step, nothing, and two samples in each byte that follows.
const BLOCK_BYTES: usize = 256;
/// Samples of a block.
pub const BLOCK_SAMPLES: usize = (BLOCK_BYTES - 4) * 2 + 1;
/// Blocks of the file.
pub const BLOCKS: usize = 4;

/// What the file says of itself.
const COMMENT: &[u8] = b"A tone that rises, and noise\0\0";

/// The file.
#[must_use]
pub fn recording() -> Vec<u8> {
    let blocks: Vec<u8> = samples().chunks(BLOCK_SAMPLES).flat_map(encode_block).collect();
    let comment = chunk(b"ICMT", COMMENT);
    let mut format = Vec::new();
    for (bytes, number) in [
        (2, 0x11),                           // IMA ADPCM
        (2, 1),                              // channels
        (4, u64::from(RATE_HZ)),             // samples a second
        (4, u64::from(RATE_HZ) * 256 / 505), // bytes a second
        (2, BLOCK_BYTES as u64),
        (2, 4), // bits a sample
        (2, 2), // bytes that follow
        (2, BLOCK_SAMPLES as u64),
    ] {
        format.extend(&u64::to_le_bytes(number)[..bytes]);
    }
    let count = u32::try_from(BLOCKS * BLOCK_SAMPLES).unwrap_or(u32::MAX).to_le_bytes();
    let parts = [
        b"WAVE".to_vec(),
        chunk(b"LIST", &[b"INFO".to_vec(), comment].concat()),
        chunk(b"fmt ", &format),
        chunk(b"fact", &count),
        chunk(b"data", &blocks),
    ];
    chunk(b"RIFF", &parts.concat())
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes();
    [kind, &length[..], body].concat()
}

fn samples() -> Vec<i32> {
    let (mut phase, mut noise) = (0_u32, 1_u32);
    let count = BLOCKS * BLOCK_SAMPLES;
    let step_per_hz = u32::MAX / RATE_HZ;
    let sample = |index: usize| {
        let hz = 150 + 3000 * index / count;
        phase = phase.wrapping_add(step_per_hz * u32::try_from(hz).unwrap_or(0));
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let amplitude = if (count / 4..3 * count / 4).contains(&index) { 24_000 } else { 2_000 };
        // A triangle between −2^14 and 2^14.
        let ramp = (phase >> 16).cast_signed();
        let triangle = if ramp < 0x8000 { ramp - 0x4000 } else { 0xc000 - ramp };
        triangle * amplitude / 0x4000 + (noise >> 22).cast_signed() - 512
    };
    (0..count).map(sample).collect()
}

fn encode_block(samples: &[i32]) -> Vec<u8> {
    let (first, rest) = samples.split_first().map_or((0, samples), |(first, rest)| (*first, rest));
    // Each block begins anew, with a step that soon fits.
    let (mut sample, mut index) = (first, 40_usize);
    let mut nibbles = rest.iter().map(|&wanted| {
        let step = i32::from(STEPS[index]);
        let distance = wanted - sample;
        let mut left = distance.abs();
        let (mut nibble, mut difference) = (0_u8, step >> 3);
        for (bit, part) in [(4, step), (2, step >> 1), (1, step >> 2)] {
            if left >= part {
                nibble |= bit;
                left -= part;
                difference += part;
            }
        }
        sample = (sample + if distance < 0 { -difference } else { difference }).clamp(-32_768, 32_767);
        index = index.saturating_add_signed(CHANGES[usize::from(nibble)]).min(STEPS.len() - 1);
        if distance < 0 { nibble | 8 } else { nibble }
    });
    let mut block = i16::try_from(first).unwrap_or(0).to_le_bytes().to_vec();
    block.extend([40, 0]);
    while let Some(low) = nibbles.next() {
        block.push(low | nibbles.next().unwrap_or(0) << 4);
    }
    block
}

/// By how many steps the next one differs.
const CHANGES: [isize; 8] = [-1, -1, -1, -1, 2, 4, 6, 8];

/// The steps of IMA ADPCM.
const STEPS: [i16; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130,
    143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282,
    1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493,
    10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
