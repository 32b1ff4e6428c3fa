// Package conformance holds the tests that take nobody's word of ours: the
// vendor's own clients against our simulator, and our client against the
// vendor's signatures. It is a module of its own, so that the vendor's SDKs
// stay out of the product.
//
// The oracles are
//
//   - the generic SDK, github.com/alibabacloud-go/darabonba-openapi/v2, which
//     every current product SDK is a thin layer over: signature V3 by default,
//     V1 (HMAC-SHA1) with its signature algorithm "v2";
//   - the old typed SDK, github.com/aliyun/alibaba-cloud-sdk-go, whose
//     services/dyplsapi has requests and answers of the product as types.
//
// What a test here shows: the SDKs bind through the simulator over HTTP and
// HTTPS, by either signature, with and without a security token, and read
// from its JSON and XML what it holds; for the same parameters, nonce and
// date our client signs the very request that the SDK signs; old and forged
// requests are refused; every code in aliyun.Entries reaches our client and
// gets its class.
//
// mutate.sh breaks a byte of our canonical request or of the simulator's
// check at a time, in a copy of the tree, and demands that a test here fails.
// TestThroughput, with -throughput, measures clients against a simulator in a
// process of its own.
package conformance
