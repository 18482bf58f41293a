//! The check at the end of a code: CRC-16/CCITT-FALSE.

/// Polynomial 0x1021, initial 0xFFFF, no reflection, no final XOR. `123456789` gives 0x29B1.
#[must_use]
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 })
    })
}

/// As it is printed: four upper-case hex digits, zero padded.
pub(super) fn printed(bytes: &[u8]) -> String {
    format!("{:04X}", crc16(bytes))
}
