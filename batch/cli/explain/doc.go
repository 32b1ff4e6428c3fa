// Package explain says what codes of rows and rules of the input mean, what axgbind does
// about them, and who must act: for one, or for all as a table.
//
// What it says comes from the tables of packages aliyun and input. A code that nobody
// has documented is explained by its class; a name that is most likely a slip is
// refused, with the names that are near.
package explain
