// Which parts of a text are phone numbers. Pure: no page, no network; needs libphonenumber, which is
// run when the first text has the shape of a number.
"use strict";

const PatchbayNumbers = (() => {
  const SIX_DIGITS = /\d(?:[\s().\-‐-―/\u00a0]*\d){5}/u;
  const DIGITS = /\d[\d\s().\-‐-―/\u00a0]{4,}\d/gu;
  const DATE = /^(?:\d{1,2}([-./])\d{1,2}\1\d{4}|\d{4}-\d{1,2}-\d{1,2})(?:\s\d{1,2})?$/u;
  const RUN = /(?:\+[\s(]*|\()?\d(?:[\d\s().\-‐-―/\u00a0]*\d)?/gu;
  const BLANK = "\u0001";
  const BETWEEN = /\s+[/‐-―-]\s+|\s*\n\s*|\s{3,}/gu;
  const NEVER = /(?!)/gu;

  // What has the shape of a number but is something else. Each match is blanked before runs are read.
  const LOOKALIKES = [
    /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, // e-mail addresses
    /\b(?:https?:\/\/|www\.)\S+/giu,
    /(?<![\d+.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d+)?(?![\d.])/gu, // IP addresses, versions
    /(?<![\d+(])\d{4}([-./])\d{1,2}\1\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?!\d)/gu,
    /(?<![\d+(.\-/])\d{1,2}([-./])\d{1,2}\1(?:\d{4}|\d{2})(?![\d\-/]|\.\d)/gu,
    /(?<![\d+])\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:\s?[ap]\.?m\b\.?)?/giu,
    /(?<![\d+(])(?:19|20)\d{2}\s?[-‐-―/]\s?(?:(?:19|20)\d{2}|\d{2})(?![\d\-])/gu, // years
    /(?:[$€£¥₽₴₹₺₩₪]|\b(?:usd|eur|gbp|chf|rub|jpy|inr|aud|cad|руб|r\$|kr|zł)\.?)\s*-?\d[\d\s.,'’\u00a0]*/giu,
    /-?\d[\d\s.,'’\u00a0]*\s?(?:[$€£¥₽₴₹₺₩₪%‰°]|(?:usd|eur|gbp|chf|rub|jpy|inr|aud|cad|руб|р\.|kr|zł|млн|тыс|шт|kg|km|mb|gb|pcs|items|records|%|px|ms|sec|mins?|hours?|days?)(?![\p{L}]))/giu,
    /(?<![\d+(])\d{1,3}(?:[,'’]\d{3})+(?:\.\d+)?(?!\d)/gu, // 1,234,567.89
    /(?<![\d+(.])\d{1,3}(?:\.\d{3})+,\d+(?!\d)/gu, // 1.234.567,89
    /(?<![\d+(.\-/]|\d\s)\d+[.,]\d+(?![\d\-/]|[.\s]\d)/gu, // decimals
    /(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)/gu, // social security numbers
    /(?<![\d+.])\d(?:\.\d){4,}(?![\d.])/gu, // numbers of sections
    /\bBE\s?0?\d{3}\.\d{3}\.\d{3}\b/gu, // Belgian companies
    /(?<!\d)97[89][- ]?(?:\d[- ]?){9}[\dX]\b/gu, // ISBN
    /\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b/gu, // IBAN
    /(?<!\d)(?:\d{4}[ -]){3}\d{1,7}(?!\d)/gu, // cards
  ];

  // What people write before a number of a telephone, and before numbers of other things.
  const OF_PHONES =
    /(?:phone|mobile|\bmob|\bcell|\bt[eé]l|\btlf|\bcall|\bfax|\bring|\bdial|whatsapp|viber|\bsms|hotline|reach (?:me|us|him|her|them)|\bhandy|rufnummer|тел|моб|звон|факс|набер|набр|сотов|ватсап)\p{L}*[^\d\n]{0,24}$/iu;
  const OF_OTHERS =
    /(?:\b(?:ids?|invoice|order|ref|reference|case|ticket|account|acct|iban|vat|tax|ean|isbn|sku|serial|zip|postal|pin|code|po|p\/n|s\/n|part|tracking|policy|contract|booking|customer|client|member|company|imei|vin|batch|lot|quote|deal|build|version|rev|swift|ssn|passport|licen[cs]e|amount|total|sum|price|qty|konto|blz|plz|rechnung|bestellung|\p{L}*nummer)|инн|кпп|огрн(?:ип)?|бик|снилс|окпо|заказа?|сч[её]та?|артикул|договора?|полиса?|паспорт|код|индекс|накладная|заявка|сумма|итого|р\/с|к\/с)(?:\s(?:ids?|no|nr|num|number|code))?[\s.:#№=-]*$|[#№]\s*$/iu;
  const EXTENSION = /^(?:ext|доб|x\s?\d{1,5}(?![\p{L}\d]))/iu;

  /** A quick look, so that ordinary texts cost next to nothing. */
  function mayContain(text) {
    if (!SIX_DIGITS.test(text)) return false;
    for (const [run] of text.matchAll(DIGITS)) {
      if (!DATE.test(run) && run.replace(/\D/g, "").length >= 6) return true;
    }
    return false;
  }

  /**
   * The numbers in a text: [{start, end, text, number}], `number` in E.164 or as bare digits.
   * `isPhoneField`: the page says that a phone number stands here, so less proof is asked for.
   */
  function find(text, { country, isPhoneField = false }) {
    const blanked = blankLookalikes(text);
    const found = [];
    const context = { country, isPhoneField };

    /** As one number if it is one ("030 / 901820"), else part by part. */
    function readRun(run, offset) {
      const [whole] = split(run, offset, NEVER);
      const number = whole ? judge(whole, blanked, context) : "";
      if (number) return [{ part: whole, number }];
      return split(run, offset, BETWEEN)
        .map((part) => ({ part, number: judge(part, blanked, context) }))
        .filter((read) => read.number);
    }

    for (const match of blanked.matchAll(RUN)) {
      for (const { part, number } of readRun(match[0], match.index)) {
        found.push({ ...part, text: text.slice(part.start, part.end), number });
      }
    }
    return found;
  }

  function blankLookalikes(text) {
    return LOOKALIKES.reduce(
      (rest, pattern) => rest.replace(pattern, (match) => BLANK.repeat(match.length)),
      text,
    );
  }

  /** The parts of a run without the marks around them: [{start, end}] in the whole text. */
  function split(run, offset, between) {
    const parts = [];
    let start = 0;
    for (const gap of [...run.matchAll(between), { index: run.length, 0: "" }]) {
      const text = run.slice(start, gap.index).replace(/[\s.\-/(]+$/u, "");
      const lead = text.length - text.replace(/^[\s.\-/)]+/u, "").length;
      if (text.length > lead) {
        parts.push({ start: offset + start + lead, end: offset + start + text.length });
      }
      start = gap.index + gap[0].length;
    }
    return parts;
  }

  function judge({ start, end }, text, { country, isPhoneField }) {
    const shown = text.slice(start, end);
    const digits = shown.replace(/\D/g, "");
    if (digits.length < 6 || digits.length > 17 || new Set(digits).size === 1) return "";
    if (!standsAlone(text, start, end)) return "";
    const before = text.slice(Math.max(0, start - 40), start);
    const isCalledPhone = OF_PHONES.test(before);
    const hasPlus = shown.startsWith("+");
    if (!hasPlus && !isPhoneField && !isCalledPhone && OF_OTHERS.test(before)) return "";
    const isTrusted = isPhoneField || isCalledPhone;
    const parsed = parse(shown, digits, country);
    if (!parsed?.isPossible()) {
      return isPhoneField && digits.length >= 7 && digits.length <= 15 ? digits : "";
    }
    const isEnough = isTrusted || isConvincing(shown, digits, { country, isValid: parsed.isValid() });
    return isEnough ? parsed.number : "";
  }

  /** Not a part of a longer word, code or path. */
  function standsAlone(text, start, end) {
    const before = text[start - 1] ?? " ";
    const after = text[end] ?? " ";
    if (/[\p{L}\p{N}_@=#№&*^+]/u.test(before) || /[\p{L}\p{N}_@=#%*^]/u.test(after)) {
      // "ext", "x12", "доб." follow a number.
      return !/[\p{L}\p{N}_@=#№&*^+]/u.test(before) && EXTENSION.test(text.slice(end));
    }
    if (/[-./\\]/u.test(before) && /[\p{L}\p{N}_/]/u.test(text[start - 2] ?? " ")) return false;
    return !(/[-/\\_]/u.test(after) && /[\p{L}\p{N}_]/u.test(text[end + 1] ?? " "));
  }

  function useLibrary() {
    if (!globalThis.libphonenumber) loadLibphonenumber();
    return globalThis.libphonenumber;
  }

  /** What libphonenumber makes of it, or null. */
  function parse(shown, digits, country) {
    const isAbroad = /^\s*\(?00[1-9]/u.test(shown);
    const text = isAbroad ? `+${digits.slice(2)}` : shown;
    try {
      return useLibrary().parsePhoneNumber(text.replace(/\(0\)/u, ""), country);
    } catch {
      return null;
    }
  }

  /** Without any word beside it: +, 00, a trunk prefix, or the country's usual grouping. */
  function isConvincing(shown, digits, { country, isValid }) {
    if (/^\+/u.test(shown)) return true;
    const hasGroups = /[\s()\-./]/u.test(shown.trim());
    if (/^00[1-9]/u.test(digits)) return isValid && digits.length >= (hasGroups ? 9 : 11);
    const trunk = findTrunkPrefix(country);
    if (/^\(\d{2,4}\)/u.test(shown) && isValid) return true;
    if (trunk === "0") return digits.startsWith("0") && digits.length >= (isValid ? 9 : 10) && (isValid || hasGroups);
    if (!isValid || !hasGroups) return false;
    if (/^\(?\d{3,4}\)/u.test(shown) || (trunk === "8" && /^8[\s(-]/u.test(shown))) return true;
    if (hasThousands(shown)) return false;
    return digits.length >= 10 || (trunk === "" && isUsualGrouping(shown));
  }

  const hasThousands = (shown) => /^\d{1,3}(?:[ .\u00a0]\d{3})+$/u.test(shown);

  /** Where nothing is dialled before a number: 22 41 22 00, 91 335 33 33, 6336 3636. */
  const isUsualGrouping = (shown) => /^(?:\d{2,4}(?:[ .\u00a0]\d{2,4}){2,3}|[3-9]\d{3} \d{4})$/u.test(shown);

  const trunks = new Map();
  function findTrunkPrefix(country) {
    if (!trunks.has(country)) {
      const metadata = new (useLibrary().Metadata)();
      metadata.selectNumberingPlan(country);
      trunks.set(country, metadata.numberingPlan.nationalPrefix() ?? "");
    }
    return trunks.get(country);
  }

  /** What a person typed or selected, as the PBX's outbound rules want it; short numbers as they are. */
  function write(text, { country, number_format: format = "e164", outside_prefix: prefix = "" }) {
    const parsed = parse(text.trim(), text.replace(/\D/g, ""), country);
    if (!parsed?.isPossible()) return text.replace(/[^\d+]/gu, "");
    if (format === "e164") return parsed.number;
    const isHome = parsed.countryCallingCode === useLibrary().getCountryCallingCode(country);
    const national = isHome ? parsed.formatNational() : parsed.format("IDD", { fromCountry: country });
    return national ? prefix + national.replace(/\D/gu, "") : parsed.number;
  }

  return { find, mayContain, write };
})();
