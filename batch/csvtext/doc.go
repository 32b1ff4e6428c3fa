// Package csvtext cuts the bytes of a CSV file into parts that begin and end with a
// record, as UTF-8 text, so that several goroutines may read one file.
//
// NewSurvey looks once at every byte and settles encoding and line ends. A Cutter cuts
// quickly as long as quotation marks match; where they do not, a RecordScanner finds where
// a malformed record ends, so that one wrong mark costs one record and not the rest of
// the file. Lines are counted as an editor counts them.
//
// FileKind knows files that are no CSV by their first bytes.
//
// It knows nothing of headers, cells and rows; package input does. The only errors are
// those of reading the file.
package csvtext
