// Package field knows the request fields of BindAxg that a column of a file can fill, and
// which headers mean them.
//
// Of reads a header in the many ways in which people write it: in Chinese or English,
// with a star, "optional" or a format in brackets, over two lines, behind an apostrophe,
// or in both languages.
// Near tells a header that is almost that of a field. The difference is what counts: a
// wrong number bound costs money, so a header is read only if it can mean nothing else,
// and a near one is told to a person. BareNumber knows a column of phone numbers that could
// be any of the three, which is asked about. A header is one of these at most;
// testdata/headers.tsv has those of real files. ZoneOf knows a header whose times are not
// Beijing's, which must not be read whoever asks for it.
//
// It knows texts and nothing else: no file, no row, no cell.
package field
