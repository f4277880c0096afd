// Written by `npm run folding` from the collations of CLDR 48.0 in ICU 78.2; docs/folding.md shows it.

/** Foldings of letters by script: the letter, a space, its folding. */
export const foldedLetters: Readonly<Record<string, string>> = {
  Latin:
    'ð d|ø o|đ d|ħ h|ł l|ʦ ts|\u{1d4e} ᴉ|ᵹ g|ꜻ av|ꝛ r|ꝺ d|ꝼ f|ꞃ r|ꞅ s|ꞇ t|ꞛ a|ꞝ o|ꞟ u|ꞡ g|ꞣ k|ꞥ n|ꞧ r|ꞩ s|ꟁ a|ꟃ w|ꟙ s|\u{10780} aa|\u{1df00} ʩ|æ ae|œ oe|ƍ zw|ƾ ts|ȸ db|ȹ qp|ʣ dz|ʪ ls|ʫ lz|ᵺ th|ỻ ll|ꜩ tz|ꜳ aa|ꜵ ao|ꜷ au|ꜹ av|ꜽ ay|ꝏ oo|ꝡ vy',
  Cyrillic: 'ґ г|ꙩ о|ꙫ о|ꙭ о|ꙮ о|ꚙ о|ꚛ о',
  Hebrew: 'ך כ|ם מ|ן נ|ף פ|ץ צ',
  Arabic:
    'ة ه|ى ي|ٱ ا|ٲ ء|ٳ ء|ٴ ء|ک ك|ڪ ك|ګ ك|ڬ ك|ڭ ك|ڮ ك|ھ ه|ہ ه|ۃ ه|ی ي|ۍ ي|ێ ي|ې ي|ۑ ي|ے ي|ە ه|\u{6e5} و|\u{6e6} ي|ࡰ ا|ࡱ ا|ࡲ ا|ࡳ ا|ࡴ ا|ࡵ ا|ࡶ ا|ࡷ ا|ࡸ ا|ࡹ ا|ࡺ ا|ࡻ ا|ࡼ ا|ࡽ ا|ࡾ ا|ࡿ ا|ࢀ ا|ࢁ ا|ࢂ ا|ࢃ ء|ࢄ و|ࢅ ي|ࢆ ي|ࢇ ء|ࢭ ا|\u{8c9} ي|\u{10ec5} ي|\u{10ec6} ن',
  Syriac: 'ܔ ܓ|ܜ ܛ|ܤ ܣ|ܧ ܦ|ܭ ܒ|ܮ ܓ|ܯ ܕ',
}

/** Letters whose marks are kept. */
export const distinctLetters = 'и\u{306}'

/** Letters that are ignored. */
export const ignoredLetters = '\u{640} \u{7fa} \u{824} \u{828} ᳲ ᳳ ﹳ'

/** Signs below Indic letters that are ignored. */
export const ignoredSigns = '\u{93c} \u{9bc} \u{a3c} \u{b3c}'

/** The zero of every script; the other digits follow it. */
export const zeros =
  '\u{660} \u{6f0} \u{7c0} \u{966} \u{9e6} \u{a66} \u{ae6} \u{b66} \u{be6} \u{c66} \u{ce6} \u{d66} \u{de6} \u{e50} \u{ed0} \u{f20} \u{1040} \u{1090} \u{17e0} \u{1810} \u{1946} \u{19d0} \u{1a80} \u{1a90} \u{1b50} \u{1bb0} \u{1c40} \u{1c50} \u{a620} \u{a8d0} \u{a900} \u{a9d0} \u{a9f0} \u{aa50} \u{abf0} \u{104a0} \u{10d30} \u{10d40} \u{11066} \u{110f0} \u{11136} \u{111d0} \u{112f0} \u{11450} \u{114d0} \u{11650} \u{116c0} \u{116d0} \u{116da} \u{11730} \u{118e0} \u{11950} \u{11bf0} \u{11c50} \u{11d50} \u{11da0} \u{11de0} \u{11f50} \u{16130} \u{16a60} \u{16ac0} \u{16b50} \u{16d70} \u{1e140} \u{1e2f0} \u{1e4f0} \u{1e5f1} \u{1e950}'
