// Package chat makes the messages that a chat group is told of a run, for the robots of
// DingTalk, WeCom and Feishu: the text, the address and the body of the request, its
// signature, and what an answer means.
//
// It promises: a message fits the strictest of the three robots; nothing that a service or
// the name of a file brings along becomes markdown, a link or a call to people; a command
// to type stands there as it is, or not at all.
//
// It refuses an address that is no robot's, or lacks its token (RobotOf), and takes an
// answer for success only if it says so in the robot's own form.
//
// It sends nothing, masks nothing and reads no clock: HTTP, waiting and trying again are
// the caller's, numbers are masked before they come here, and the time of a signature is
// given.
package chat
