// What the page says about a place: is it a phone field, and to which record does it belong?
"use strict";

const PatchbaySurroundings = (() => {
  const SKIPPED =
    "input, textarea, select, option, script, style, noscript, template, code, svg, " +
    "[contenteditable=''], [contenteditable=true], [contenteditable=plaintext-only], " +
    "a[href^='tel:' i], a[href^='callto:' i], patchbay-call, patchbay-toast";
  const PHONE_LABEL = /(?:^|[^a-z])(?:phone|mobile|fax|tel|telephone|cell)(?:$|[^a-z])|телефон|мобильн|факс/iu;
  const LONGEST_LABEL = 40;
  const RECORD = /\/tab\/([A-Za-z]\w*)\/(\d{5,})/u;
  const PEOPLE = new Set(["Contacts", "Leads", "Accounts"]);
  const ROW = "tr, [role=row], li, article, [data-record-id]";

  /** Fields of forms, editors, scripts and telephone links belong to others. */
  const isForeign = (element) => element.closest(SKIPPED) !== null || element.isContentEditable;

  /** Whether names, labels or the column's heading call this place a phone number. */
  function isPhoneField(element) {
    let place = element;
    for (let climbed = 0; place && climbed < 4; climbed += 1, place = place.parentElement) {
      if (isNamedPhone(place) || isPhoneLabel(place.previousElementSibling)) return true;
      if (place.matches("td, [role=gridcell]")) return isPhoneColumn(place);
      if (place.matches("tr, [role=row], dl, ul, table, section, article, form")) return false;
    }
    return false;
  }

  function isNamedPhone(element) {
    const names = ["data-zcqa", "data-field", "data-label", "aria-label", "name"];
    return names.some((name) => PHONE_LABEL.test((element.getAttribute(name) ?? "").replace(/[_-]/gu, " ")));
  }

  function isPhoneLabel(element) {
    if (!element || !element.matches("dt, th, label, span, div, small, b, strong, td")) return false;
    const text = (element.textContent ?? "").trim();
    return text.length <= LONGEST_LABEL && !/\d/u.test(text) && PHONE_LABEL.test(text);
  }

  function isPhoneColumn(cell) {
    if (cell.cellIndex === undefined || cell.cellIndex < 0) return false;
    const heading = cell.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
    return Boolean(heading) && isPhoneLabel(heading);
  }

  /** {module, recordId} of the nearest person: in the row's links, else the page's; else null. */
  function findRecord(element) {
    const row = element.closest(ROW);
    for (const link of row?.querySelectorAll("a[href*='/tab/'], a[href*='EntityInfo.do']") ?? []) {
      const record = readRecord(link.href);
      if (record) return record;
    }
    return readRecord(location.href);
  }

  function readRecord(address) {
    const path = RECORD.exec(address);
    if (path) return PEOPLE.has(path[1]) ? { module: path[1], recordId: path[2] } : null;
    if (!address.includes("EntityInfo.do")) return null;
    const query = new URL(address).searchParams;
    const [module, recordId] = [query.get("module"), query.get("id")];
    return PEOPLE.has(module) && /^\d{5,}$/u.test(recordId ?? "") ? { module, recordId } : null;
  }

  return { findRecord, isForeign, isPhoneField };
})();
