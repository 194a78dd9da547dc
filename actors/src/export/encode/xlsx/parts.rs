//! The parts of a workbook other than the rows.

use super::super::columns::Columns;
use super::super::neutral;
use super::escape;
use super::sheet::{DATE, HEADER, INSTANT, LONG, Letters};

/// What every part begins with.
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// Narrowest and widest column, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// What each part is. Sheets are what is not named, so that this part can stand first, before it is known how many
/// there will be.
pub(super) fn content_types() -> String {
    format!(
        "{XML}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"{TYPE}.worksheet+xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPE}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{TYPE}.styles+xml\"/></Types>"
    )
}

/// Where the workbook is.
pub(super) fn package_rels() -> String {
    format!(
        "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    )
}

/// How cells look. The order of the formats is that of the numbers in `sheet`.
pub(super) fn styles() -> String {
    let formats: [(u8, u32, &str); 4] = [
        (HEADER, 0, "fontId=\"1\" applyFont=\"1\""),
        (INSTANT, 164, "fontId=\"0\" applyNumberFormat=\"1\""),
        (DATE, 165, "fontId=\"0\" applyNumberFormat=\"1\""),
        (LONG, 1, "fontId=\"0\" applyNumberFormat=\"1\""),
    ];
    let mut cells = String::from("<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>");
    for (_, format, font) in formats {
        cells.push_str(&format!("<xf numFmtId=\"{format}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" {font}/>"));
    }
    format!(
        "{XML}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"2\">\
         <numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss.000\"/>\
         <numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>\
         <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>\
         <font><b/><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"5\">{cells}</cellXfs>\
         <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
    )
}

/// The name of a sheet, counted from 0.
fn sheet_name(sheet: usize) -> String {
    if sheet == 0 { "documents".to_owned() } else { format!("documents {}", sheet + 1) }
}

/// The sheets, with the last row of each.
pub(super) fn workbook(columns: usize, last_rows: &[u64]) -> String {
    let last = Letters::of(columns.saturating_sub(1));
    let (mut sheets, mut filters) = (String::new(), String::new());
    for (sheet, row) in last_rows.iter().enumerate() {
        let (name, number) = (sheet_name(sheet), sheet + 1);
        sheets.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"));
        // Excel finds the filter of a sheet by this name.
        filters.push_str(&format!(
            "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{sheet}\" hidden=\"1\">\
             '{name}'!$A$1:${last}${row}</definedName>"
        ));
    }
    format!(
        "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><workbookPr/><bookViews><workbookView/></bookViews>\
         <sheets>{sheets}</sheets><definedNames>{filters}</definedNames></workbook>"
    )
}

/// Where the sheets and the styles are.
pub(super) fn workbook_rels(sheets: usize) -> String {
    let mut rels = String::new();
    for number in 1..=sheets {
        rels.push_str(&format!(
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        ));
    }
    format!(
        "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">{rels}\
         <Relationship Id=\"rId{}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>",
        sheets + 1
    )
}

/// The beginning of a sheet, up to its first document. Widths are those of the values, in characters.
pub(super) fn sheet_head(columns: &Columns, widths: &[usize], first: bool) -> Vec<u8> {
    let selected = if first { " tabSelected=\"1\"" } else { "" };
    let mut out = format!(
        "{XML}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView{selected} workbookViewId=\"0\">\
         <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
         <selection pane=\"bottomLeft\" activeCell=\"A2\" sqref=\"A2\"/></sheetView></sheetViews>\
         <sheetFormatPr defaultRowHeight=\"15\"/><cols>"
    )
    .into_bytes();
    for (at, header) in columns.headers().enumerate() {
        let values = widths.get(at).copied().unwrap_or_default();
        // The button of the filter covers the end of a header.
        let width = values.max(header.chars().count() + 3).clamp(WIDTHS.0, WIDTHS.1) + 1;
        let column = at + 1;
        let col = format!("<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>");
        out.extend_from_slice(col.as_bytes());
    }
    out.extend_from_slice(b"</cols><sheetData><row r=\"1\">");
    for (at, header) in columns.headers().enumerate() {
        let header = neutral::header(header);
        let header = escape::fit(&header, 0).unwrap_or(header);
        let cell =
            format!("<c r=\"{}1\" s=\"{HEADER}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", Letters::of(at));
        out.extend_from_slice(cell.as_bytes());
        escape::text(&header, &mut out);
        out.extend_from_slice(b"</t></is></c>");
    }
    out.extend_from_slice(b"</row>");
    out
}

/// The end of a sheet.
pub(super) fn sheet_tail(columns: usize, last_row: u64) -> String {
    let last = Letters::of(columns.saturating_sub(1));
    format!("</sheetData><autoFilter ref=\"A1:{last}{last_row}\"/></worksheet>")
}
