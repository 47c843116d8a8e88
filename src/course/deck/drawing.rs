//! Drawings as data: what the lines of a fenced block mean, by the block's name.

use super::blocks::Kind;
use super::complaint::Complaint;

/// The names of drawings.
pub(super) const KNOWN: [&str; 6] = ["towers", "timeline", "sides", "boxes", "art", "sh"];

/// Reads the drawing of this name; none: there is no such drawing.
pub(super) fn read(name: &str, lines: &[&str]) -> Option<Drawn> {
    Some(match name {
        "towers" => towers(lines),
        "timeline" => timeline(lines),
        "sides" => sides(lines),
        "boxes" => boxes(lines),
        "art" | "sh" | "" => Ok(Kind::Art(lines.iter().map(|line| (*line).to_owned()).collect())),
        _ => return None,
    })
}

/// A drawing, or the line of it that is wrong, from 1.
pub(super) type Drawn = Result<Kind, (usize, Complaint)>;

fn cells(line: &str) -> Vec<String> {
    line.split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn towers(lines: &[&str]) -> Drawn {
    let form = "app | app | =     (= continues the cell on its left, nothing between bars is air)";
    let rows: Vec<Vec<String>> = lines.iter().map(|line| cells(line)).collect();
    let width = rows.first().map_or(0, Vec::len);
    let wrong = rows.iter().position(|row| row.len() != width || row.first().is_some_and(|cell| cell == "="));
    match wrong {
        _ if rows.len() < 2 => Err((0, Complaint::drawing("towers", form))),
        Some(row) => Err((row + 1, Complaint::drawing("towers", form))),
        None => Ok(Kind::Towers(rows)),
    }
}

fn timeline(lines: &[&str]) -> Drawn {
    let form = "1979 | chroot | Unix V7";
    let entry = |(index, line): (usize, &&str)| match <[String; 3]>::try_from(cells(line)) {
        Ok([year, name, remark]) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            Ok([year, name, remark])
        }
        _ => Err((index + 1, Complaint::drawing("timeline", form))),
    };
    let entries: Vec<[String; 3]> = lines.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
    if entries.is_empty() { Err((0, Complaint::drawing("timeline", form))) } else { Ok(Kind::Timeline(entries)) }
}

fn sides(lines: &[&str]) -> Drawn {
    let complaint = || Complaint::drawing("sides", "outside | … , then inside | … , then the ground");
    let [outside, inside, ground] = lines else { return Err((0, complaint())) };
    let (mut outside, mut inside) = (cells(outside), cells(inside));
    if outside.remove(0) != "outside" || outside.is_empty() {
        return Err((1, complaint()));
    }
    if inside.remove(0) != "inside" || inside.is_empty() {
        return Err((2, complaint()));
    }
    Ok(Kind::Sides([outside, inside], ground.trim().to_owned()))
}

fn boxes(lines: &[&str]) -> Drawn {
    if lines.is_empty() {
        return Err((0, Complaint::drawing("boxes", "CPU | waits")));
    }
    Ok(Kind::Boxes(lines.iter().map(|line| cells(line)).collect()))
}
