//! Bytes that are a picture, and nothing but a picture.

use std::io::Cursor;

use crate::text::hex;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Most bytes of a picture: LINE's limit for what it shows before a tap.
/// <https://developers.line.biz/en/reference/messaging-api/#image-message>
pub const MAX_BYTES: usize = 1_000_000;
/// Most pixels of a side; larger pictures are made smaller. A flex message shows no larger ones.
/// <https://developers.line.biz/en/reference/messaging-api/#f-image>
pub const MAX_SIDE: u32 = 1024;
/// Most pixels of a side that is looked at: a small file can unpack to gigabytes.
const MAX_SIDE_READ: u32 = 8192;
const MAX_MEMORY: u64 = 256 * 1024 * 1024;
const JPEG_QUALITY: u8 = 90;

/// What a picture's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

/// A picture, drawn anew from the pixels of the one that was handed in: where it was taken, with what, and
/// whatever else was hidden in the file is not in these bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    format: Format,
    width: u32,
    height: u32,
    bytes: Vec<u8>,
    digest: String,
}

/// Why bytes are no picture that can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAPicture {
    /// More than LINE shows.
    #[error("the picture has {given} bytes; make it smaller, to at most {MAX_BYTES}")]
    TooLarge {
        /// Its bytes.
        given: usize,
    },
    /// More pixels than are looked at.
    #[error("the picture has a side of more than {MAX_SIDE_READ} pixels; make it smaller")]
    TooWide,
    /// LINE shows JPEG and PNG.
    #[error("the file is neither JPEG nor PNG")]
    OtherFormat,
    /// It cannot be drawn.
    #[error("the file is damaged: it cannot be drawn")]
    Damaged,
}

impl Format {
    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
        }
    }

    /// The format of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png]
            .into_iter()
            .find(|f| f.code() == code)
    }

    /// As HTTP names it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

impl Picture {
    /// Decodes `bytes` and draws them anew: upright, at most [`MAX_SIDE`] pixels a side, without metadata.
    /// It takes tens of milliseconds of work: keep it off the threads that answer.
    ///
    /// # Errors
    /// See [`NotAPicture`].
    pub fn read(bytes: &[u8]) -> Result<Self, NotAPicture> {
        within(bytes.len())?;
        let format = match image::guess_format(bytes) {
            Ok(ImageFormat::Jpeg) => Format::Jpeg,
            Ok(ImageFormat::Png) => Format::Png,
            _ => return Err(NotAPicture::OtherFormat),
        };
        let drawn = draw(bytes, format).map_err(|error| match error {
            ImageError::Limits(_) => NotAPicture::TooWide,
            _ => NotAPicture::Damaged,
        })?;
        let bytes = write(&drawn, format).map_err(|_| NotAPicture::Damaged)?;
        within(bytes.len())?;
        let digest = Sha256::digest(&bytes);
        Ok(Self {
            format,
            width: drawn.width(),
            height: drawn.height(),
            digest: hex(&digest),
            bytes,
        })
    }

    /// What its bytes are.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Pixels across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// What is kept, and sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Lower-case hexadecimal SHA-256 of [`Self::bytes`].
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { width, height, .. } = self;
        write!(f, "Picture({:?}, {width}×{height})", self.format)
    }
}

fn within(given: usize) -> Result<(), NotAPicture> {
    match given > MAX_BYTES {
        true => Err(NotAPicture::TooLarge { given }),
        false => Ok(()),
    }
}

fn draw(bytes: &[u8], format: Format) -> Result<DynamicImage, ImageError> {
    let format = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_READ);
    limits.max_image_height = Some(MAX_SIDE_READ);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let turned = decoder.orientation()?;
    let mut drawn = DynamicImage::from_decoder(decoder)?;
    drawn.apply_orientation(turned);
    if drawn.width() > MAX_SIDE || drawn.height() > MAX_SIDE {
        let smoothly = image::imageops::FilterType::Lanczos3;
        drawn = drawn.resize(MAX_SIDE, MAX_SIDE, smoothly);
    }
    Ok(drawn)
}

fn write(drawn: &DynamicImage, format: Format) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    match format {
        Format::Jpeg => {
            let mut jpeg = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            jpeg.encode_image(&drawn.to_rgb8())?;
        }
        Format::Png => {
            let best = CompressionType::Best;
            let png = PngEncoder::new_with_quality(&mut bytes, best, FilterType::Adaptive);
            drawn.write_with_encoder(png)?;
        }
    }
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    /// Left half red, right half blue.
    fn halves(width: u32, height: u32) -> DynamicImage {
        let drawn = RgbImage::from_fn(width, height, |x, _| match x < width / 2 {
            true => Rgb([220, 20, 20]),
            false => Rgb([20, 20, 220]),
        });
        DynamicImage::ImageRgb8(drawn)
    }

    fn pixel(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
        let drawn = image::load_from_memory(picture.bytes()).unwrap();
        drawn.to_rgb8().get_pixel(x, y).0
    }

    /// A JPEG as a phone writes it: Exif that says “turned by 90°”, and where it was taken.
    fn from_a_phone() -> Vec<u8> {
        let plain = write(&halves(64, 32), Format::Jpeg).unwrap();
        let mut exif =
            b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend(b"GPS 35.6812N 139.7671E");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let mut bytes = plain[..2].to_vec();
        bytes.extend([0xff, 0xe1]);
        bytes.extend(length);
        bytes.extend(exif);
        bytes.extend(&plain[2..]);
        // Something behind the picture's end.
        bytes.extend(b"PK\x03\x04 hidden");
        bytes
    }

    fn holds(bytes: &[u8], words: &[u8]) -> bool {
        bytes.windows(words.len()).any(|window| window == words)
    }

    #[test]
    fn a_phones_picture_stands_upright_and_tells_nothing() {
        let given = from_a_phone();
        assert!(holds(&given, b"139.7671E") && holds(&given, b"hidden"));
        let picture = Picture::read(&given).unwrap();
        assert_eq!((picture.width(), picture.height()), (32, 64));
        assert!(pixel(&picture, 16, 5)[0] > 180 && pixel(&picture, 16, 60)[2] > 180);
        for hidden in [b"Exif".as_slice(), b"GPS", b"hidden"] {
            assert!(!holds(picture.bytes(), hidden), "{hidden:?}");
        }
    }

    #[test]
    fn a_png_keeps_its_pixels_and_loses_its_words() {
        let plain = write(&halves(40, 40), Format::Png).unwrap();
        // A tEXt chunk after the header chunk, which ends at byte 33.
        let chunk = b"Author\0Hanako";
        let mut bytes = plain[..33].to_vec();
        bytes.extend(u32::try_from(chunk.len()).unwrap().to_be_bytes());
        bytes.extend(b"tEXt");
        bytes.extend(chunk);
        bytes.extend(0x7f5c_3a91_u32.to_be_bytes());
        bytes.extend(&plain[33..]);
        let picture = Picture::read(&bytes).unwrap();
        assert_eq!(picture.format(), Format::Png);
        assert_eq!(pixel(&picture, 0, 0), [220, 20, 20]);
        assert!(!holds(picture.bytes(), b"Hanako"));
        assert_eq!(
            Picture::read(&plain),
            Ok(picture),
            "the same pixels, the same digest"
        );
    }

    #[test]
    fn a_large_picture_becomes_as_large_as_line_shows() {
        let wide = write(&halves(3000, 1500), Format::Jpeg).unwrap();
        let picture = Picture::read(&wide).unwrap();
        assert_eq!((picture.width(), picture.height()), (1024, 512));
    }

    #[test]
    fn what_is_no_picture_is_refused_by_what_it_is() {
        let whole = write(&halves(64, 64), Format::Png).unwrap();
        let wide = write(&halves(9000, 2), Format::Png).unwrap();
        for (bytes, why) in [
            (b"GIF89a".to_vec(), NotAPicture::OtherFormat),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
                NotAPicture::OtherFormat,
            ),
            (Vec::new(), NotAPicture::OtherFormat),
            (b"\xff\xd8\xff\xe0 no more".to_vec(), NotAPicture::Damaged),
            (whole[..whole.len() / 2].to_vec(), NotAPicture::Damaged),
            (wide, NotAPicture::TooWide),
            (
                vec![0; MAX_BYTES + 1],
                NotAPicture::TooLarge {
                    given: MAX_BYTES + 1,
                },
            ),
        ] {
            assert_eq!(Picture::read(&bytes).err(), Some(why));
        }
    }
}
