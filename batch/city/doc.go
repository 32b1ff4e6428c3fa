// Package city knows the names of the cities of mainland China, by which a pool's X numbers
// are asked for. A name that it does not know may be right all the same.
package city
