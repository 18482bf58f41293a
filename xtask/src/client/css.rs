//! Makes CSS smaller without understanding it: comments go, runs of white space become one space or none. Strings are kept.

/// Shrinks a stylesheet.
pub fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut chars = css.chars().peekable();
    let mut space = false;
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                skip_comment(&mut chars);
                space = true;
            }
            '"' | '\'' => {
                settle(&mut out, &mut space, c);
                out.push(c);
                copy_string(&mut chars, c, &mut out);
            }
            c if c.is_whitespace() => space = true,
            c => {
                settle(&mut out, &mut space, c);
                if c == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(c);
            }
        }
    }
    out
}

/// Writes the pending white space if both neighbours need it.
fn settle(out: &mut String, space: &mut bool, next: char) {
    let needed = |c: char| !matches!(c, '{' | '}' | ';' | ',');
    // A space before `:` may be a descendant selector and stays; after `:` it never means anything but must not join
    // `:` to a following selector, which CSS does not write with a space.
    if *space && out.chars().last().is_some_and(|last| needed(last) && last != ':') && needed(next) {
        out.push(' ');
    }
    *space = false;
}

fn skip_comment(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(c) = chars.next() {
        if c == '*' && chars.peek() == Some(&'/') {
            chars.next();
            return;
        }
    }
}

fn copy_string(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char, out: &mut String) {
    while let Some(c) = chars.next() {
        out.push(c);
        if c == '\\' {
            out.extend(chars.next());
        } else if c == quote {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn white_space_and_comments_go() {
        assert_eq!(minify("a , b {\n  color : red;  /* why */\n}\n\n"), "a,b{color :red}");
        assert_eq!(minify("x { width: calc(100% - 2rem); }"), "x{width:calc(100% - 2rem)}");
    }

    #[test]
    fn what_means_something_stays() {
        assert_eq!(minify("nav :hover > a { content: \"a  /* b */ ;}\" }"), "nav :hover > a{content:\"a  /* b */ ;}\"}");
        assert_eq!(minify("@media (min-width: 40rem) and (hover) { a{b:c} }"), "@media (min-width:40rem) and (hover){a{b:c}}");
        assert_eq!(minify("a{content:'\\''} b{c:d}"), "a{content:'\\''}b{c:d}");
    }
}
