// Package about has the commands that tell what the program itself knows: explain for
// codes of rows and rules of the input, version, template, and completion for shells. A
// file is a command.
//
// They read no file, no journal and no variable but the language, so that they work when
// everything else is wrong. What a code means, what axgbind does about it and who must
// act comes from the tables of packages aliyun and input. A code that nobody has
// documented is explained by its class; a name that is most likely a slip is refused,
// with the names that are near.
package about
