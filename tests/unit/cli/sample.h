/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* An answer of the agent: two that run, one with everything, one with nothing; one that has ended,
 * and one whose name is an attack. */

static const char sample_json[] =
	"{\"sequence\":7,\"time\":1700000100.5,\"interval\":1,\"containers\":["
	"{\"id\":\"4f2a01aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
	"\"name\":\"web\",\"image\":\"nginx:1.25\",\"runtime\":\"docker\",\"cgroup\":\"/docker/"
	"4f\","
	"\"labels\":{\"com.docker.compose.project\":\"shop\",\"app\":\"front\"},"
	"\"state\":\"running\",\"health\":\"healthy\",\"started\":1700000000,\"created\":"
	"1699990000,"
	"\"restarts\":2,\"cpu\":{\"cores\":0.1234,\"usage_seconds\":12.5,\"throttled_seconds\":3,"
	"\"limit_cores\":0.5},\"memory\":{\"usage_bytes\":700416,\"working_set_bytes\":667648,"
	"\"limit_bytes\":67108864,\"oom_kills\":1},\"network\":{\"mode\":\"own\","
	"\"receive_bytes\":1234,\"receive_bytes_per_second\":10.5,\"transmit_bytes\":0,"
	"\"transmit_bytes_per_second\":0},\"io\":{\"read_bytes\":4096,"
	"\"read_bytes_per_second\":0,\"write_bytes\":0,\"write_bytes_per_second\":0},\"pids\":3,"
	"\"pressure\":{\"cpu\":{\"some_seconds\":1,\"some_share\":0.01}}},"
	"{\"id\":\"4f9b02bbbbbb\",\"name\":\"db, "
	"\\\"main\\\"\",\"image\":\"postgres\",\"runtime\":\"podman\","
	"\"labels\":{},\"pod\":\"backend\",\"state\":\"paused\",\"started\":1700000040,"
	"\"cpu\":{\"cores\":1.5},\"memory\":{\"working_set_bytes\":5872025},\"pids\":9},"
	"{\"id\":\"77cc03cccccc\",\"name\":\"old\",\"image\":\"busybox\",\"runtime\":\"docker\","
	"\"labels\":{},\"state\":\"exited\",\"exit_code\":137,\"finished\":1699996500},"
	"{\"id\":\"99dd04dddddd\",\"name\":\"\\u001b[2J\\n\\u202e\",\"image\":\"x\",\"runtime\":"
	"\"lxc\","
	"\"state\":\"running\",\"health\":5,\"cpu\":\"none\",\"memory\":[1],\"pids\":\"many\"}]}";
