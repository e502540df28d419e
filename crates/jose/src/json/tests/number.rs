use core::cmp::Ordering;

use super::*;

fn number(text: &str) -> Number<'_> {
    Document::parse(text.as_bytes(), &Options::strict()).unwrap();
    Number::new(text)
}

#[test]
fn integers_are_exact() {
    for (text, signed, unsigned) in [
        ("0", Some(0), Some(0)),
        ("-0", Some(0), Some(0)),
        ("0e99999999999999999999", Some(0), Some(0)),
        ("-0.000E-1", Some(0), Some(0)),
        ("1e3", Some(1000), Some(1000)),
        ("10.0", Some(10), Some(10)),
        ("1.50e1", Some(15), Some(15)),
        ("1500E-2", Some(15), Some(15)),
        ("0.00012e5", Some(12), Some(12)),
        ("-25e-1", None, None),
        ("1.5", None, None),
        ("0.1", None, None),
        ("1e-1", None, None),
        ("-7", Some(-7), None),
        ("-7.0", Some(-7), None),
        ("1300819380", Some(1_300_819_380), Some(1_300_819_380)),
        (
            "9007199254740993",
            Some(9_007_199_254_740_993),
            Some(9_007_199_254_740_993),
        ),
        (
            "9007199254740993.0",
            Some(9_007_199_254_740_993),
            Some(9_007_199_254_740_993),
        ),
        ("9223372036854775807", Some(i64::MAX), Some(i64::MAX as u64)),
        ("9223372036854775808", None, Some(1 << 63)),
        ("-9223372036854775808", Some(i64::MIN), None),
        ("-9223372036854775809", None, None),
        ("18446744073709551615", None, Some(u64::MAX)),
        ("1844674407370955161.5e1", None, Some(u64::MAX)),
        ("18446744073709551616", None, None),
        ("1e19", None, Some(10_000_000_000_000_000_000)),
        ("1e20", None, None),
        ("1e400", None, None),
        ("1e999999999999999999999", None, None),
        ("1e-999999999999999999999", None, None),
    ] {
        assert_eq!(number(text).to_i64(), signed, "{text}");
        assert_eq!(number(text).to_u64(), unsigned, "{text}");
    }
}

#[test]
fn wide_integers_are_exact() {
    for value in [i128::MIN, i128::MIN + 1, -1, 0, 1, i128::MAX] {
        assert_eq!(number(&value.to_string()).to_i128(), Some(value));
    }
    assert_eq!(number(&u128::MAX.to_string()).to_u128(), Some(u128::MAX));
    assert_eq!(number(&u128::MAX.to_string()).to_i128(), None);
    assert_eq!(
        number("340282366920938463463374607431768211456").to_u128(),
        None
    );
    assert_eq!(
        number("-170141183460469231731687303715884105729").to_i128(),
        None
    );
    assert_eq!(number("1e38").to_u128(), Some(10u128.pow(38)));
    assert_eq!(number("1e39").to_u128(), None);
}

#[test]
fn floats_are_never_infinite() {
    assert_eq!(number("1.5").to_f64(), Some(1.5));
    assert_eq!(number("-1e-400").to_f64(), Some(-0.0));
    assert_eq!(number("1.7976931348623157e308").to_f64(), Some(f64::MAX));
    assert_eq!(number("1e309").to_f64(), None);
    assert_eq!(number("-1e999999999999999999").to_f64(), None);
}

#[test]
fn order_is_exact() {
    // In rising order; within a row all are equal.
    let rows: [&[&str]; 17] = [
        &["-1e999999999999999999999"],
        &["-1e400"],
        &["-100", "-1e2", "-100.0", "-0.1e3"],
        &["-99.999"],
        &["-1", "-10e-1"],
        &["-0.5", "-5E-1"],
        &["0", "-0", "0.0", "0e5", "-0e-999999999999999999999"],
        &["1e-999999999999999999999"],
        &["1e-400", "0.1e-399", "10e-401"],
        &["0.1", "1e-1", "0.10", "100e-3"],
        &["0.10000000000000000000000000000000001"],
        &["1", "1.0", "1e0", "1E+0", "0.1e1", "10e-1"],
        &["9007199254740992"],
        &["9007199254740993", "9.007199254740993e15"],
        &["100000000000000000000", "1e20", "1.00e+20"],
        &["1e999999999", "10e999999998", "0.01e1000000001"],
        &["1e999999999999999999999"],
    ];
    for (row, ours) in rows.iter().enumerate() {
        for (other_row, theirs) in rows.iter().enumerate() {
            for (one, two) in ours
                .iter()
                .flat_map(|one| theirs.iter().map(move |two| (one, two)))
            {
                let order = number(one).cmp_exact(number(two));
                assert_eq!(order, row.cmp(&other_row), "{one} and {two}");
                assert_eq!(number(one) == number(two), order == Ordering::Equal);
            }
        }
    }
}

#[test]
fn text_and_debug() {
    assert_eq!(number("1.00").text(), "1.00");
    assert_eq!(format!("{:?}", number("1.00")), "Number(4 bytes)");
}
