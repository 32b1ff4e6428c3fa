// Package rules holds every rule by which rows are judged: what it asks for, what is said
// when it is broken, what to do then, how grave that is, and the code that the service
// would have answered with.
//
// It judges nothing: package input does, and the plan of what rows are to each other.
package rules
