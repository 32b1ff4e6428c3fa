// Package page draws the page of a batch: one HTML file with the counts, what to do next,
// what rows failed for and what helps, where they are, and a chart of the runs.
//
// A Page is plain values that somebody else found out. WriteHTML makes the file of them,
// WriteText what of it fits a terminal.
//
// It promises: the file needs nothing else, no script, font, picture or network, and its
// policy keeps a browser from loading any; whatever a service or the name of a file brings
// along is text and stays text; the chart has its figures in a table, so that it can be
// read without seeing it; no two figures count the same thing differently.
//
// It masks nothing: whoever fills a Page has done that. It knows no journal, no input and
// no clock; when it was made is one of its values.
package page
