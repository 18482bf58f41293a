#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;

use super::*;

fn numbers(file: &[u8]) -> Vec<String> {
    read_list(file).unwrap().rows.into_iter().map(|row| row.contact.to_string()).collect()
}

#[test]
fn files_of_every_spreadsheet_are_read() {
    let wanted = ["5562988887777", "5562977776666"];
    for file in [
        "5562988887777\n5562977776666",
        "\u{feff}telefone;motivo\r\n5562988887777;pediu\r\n5562977776666;\r\n",
        "phone,reason\n\"+55 (62) 98888-7777\",\"pediu, por telefone\"\n5562977776666,x\n",
        "5562988887777\tx\n\n5562977776666\ty\n",
        "'5562988887777;x\n'5562977776666;y",
        // The same contact without its ninth digit.
        "5562988887777\n556288887777\n5562977776666",
    ] {
        assert_eq!(numbers(file.as_bytes()), wanted, "{file:?}");
    }
    assert_eq!(numbers(b"n\xfamero;motivo\n5562988887777;n\xe3o quer"), ["5562988887777"]);
    assert_eq!(read_list(b"5562988887777;n\xe3o").unwrap().rows[0].reason.as_deref(), Some("não"));
}

#[test]
fn bad_lines_are_told_by_their_number_and_the_rest_counts() {
    let read = read_list(b"telefone\n5562988887777\nabc\n123\n120363025486970112-group\n20456789012345@lid\n").unwrap();
    assert_eq!(read.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 6]);
    assert_eq!(
        read.bad.iter().map(|bad| (bad.line, bad.text.as_str())).collect::<Vec<_>>(),
        [(3, "abc"), (4, "123"), (5, "120363025486970112-group")]
    );
    let windows = read_list(b"telefone\r\n5562988887777\r\nabc\r\n").unwrap();
    assert_eq!((windows.rows[0].line, windows.bad[0].line), (2, 3));
    let many = "x1\n".repeat(500);
    let read = read_list(many.as_bytes()).unwrap();
    assert_eq!((read.bad.len(), read.bad_count), (MOST_TOLD, 500));
}

#[test]
fn files_have_limits() {
    assert_eq!(read_list(&vec![b'1'; LARGEST_FILE + 1]), Err(InvalidFile::TooLarge));
    assert_eq!(read_list("1\n".repeat(MOST_ROWS + 1).as_bytes()), Err(InvalidFile::TooManyRows));
    assert_eq!(read_list(b"55\x0062"), Err(InvalidFile::NoText));
    assert_eq!(read_list(b"").unwrap(), ReadList::default());
}

#[test]
fn no_cell_is_a_formula() {
    for cell in ["=1+1", "+55", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "|cmd", "%x"] {
        let line = csv_line(&[cell]);
        assert!(line.trim_start_matches('"').starts_with('\''), "{line:?}");
    }
    assert_eq!(csv_line(&["5562988887777", "a;b\"c"]), "5562988887777;\"a;b\"\"c\"\r\n");
}

proptest! {
    /// What we write we read again, whatever stands in the reason.
    #[test]
    fn our_file_survives_the_round_trip(rows in prop::collection::vec(("55629[6-9][0-9]{7}", "[a-zA-Z =+;,\"'@\n]{0,30}"), 1..20)) {
        let mut file = String::from("\u{feff}");
        file.push_str(&csv_line(&["telefone", "motivo"]));
        for (number, reason) in &rows {
            file.push_str(&csv_line(&[number, reason]));
        }
        let read = read_list(file.as_bytes()).unwrap();
        prop_assert_eq!(read.bad_count, 0);
        let mut wanted: Vec<String> = vec![];
        for (number, _) in &rows {
            if !wanted.contains(number) {
                wanted.push(number.clone());
            }
        }
        let numbers: Vec<String> = read.rows.iter().map(|row| row.contact.to_string()).collect();
        prop_assert_eq!(numbers, wanted);
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_list(&bytes);
    }
}
