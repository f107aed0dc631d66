// Writes with go-redis as its README has it; the same arguments and lines as writer-loop.ts.
// In the mode "nodes" it says instead which masters a new client knows, and how many keys they have together.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sort"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	pause            = 5 * time.Millisecond
	replicatedWithin = time.Second
)

func main() {
	mode, host := os.Args[1], os.Args[2]
	if mode == "nodes" {
		if err := printNodes(host); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	write(writerTo(mode, host), os.Args[3], os.Args[4], os.Args[5])
}

type writer func(ctx context.Context, key, value string) (replicas int64, err error)

func writerTo(mode, host string) writer {
	if mode == "primary" {
		client := redis.NewClient(&redis.Options{Addr: address(host)})
		return func(ctx context.Context, key, value string) (int64, error) {
			// SET and WAIT have to go over one connection, which only one that is kept aside can promise.
			conn := client.Conn()
			defer conn.Close()
			if err := conn.Set(ctx, key, value, 0).Err(); err != nil {
				return 0, err
			}
			return conn.Wait(ctx, 1, replicatedWithin).Result()
		}
	}
	cluster := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{address(host)}})
	return func(ctx context.Context, key, value string) (int64, error) {
		if err := cluster.Set(ctx, key, value, 0).Err(); err != nil {
			return 0, err
		}
		node, err := cluster.MasterForKey(ctx, key)
		if err != nil {
			return 0, err
		}
		return node.Wait(ctx, 1, replicatedWithin).Result()
	}
}

func write(set writer, prefix, lines, stop string) {
	out, err := os.OpenFile(lines, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer out.Close()
	for count := 1; !exists(stop); count++ {
		replicas, err := set(context.Background(), fmt.Sprintf("%s:%d", prefix, count), fmt.Sprint(count))
		switch {
		case err != nil:
			fmt.Fprintf(out, "error %q\n", err.Error())
		case replicas > 0:
			fmt.Fprintf(out, "ack %d\n", count)
		default:
			fmt.Fprintf(out, "alone %d\n", count)
		}
		time.Sleep(pause)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return !errors.Is(err, os.ErrNotExist)
}

// printNodes makes as many clients as there are lines on the standard input: which node one asks first is chance.
func printNodes(host string) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := printNodesOnce(host); err != nil {
			return err
		}
	}
	return nil
}

func printNodesOnce(host string) error {
	ctx := context.Background()
	cluster := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{address(host)}})
	defer cluster.Close()
	var lock sync.Mutex
	masters, keys := []string{}, int64(0)
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, master *redis.Client) error {
		size, err := master.DBSize(ctx).Result()
		lock.Lock()
		defer lock.Unlock()
		masters, keys = append(masters, master.Options().Addr), keys+size
		return err
	})
	if err != nil {
		return err
	}
	sort.Strings(masters)
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"masters": masters, "keys": keys})
}

func address(host string) string { return net.JoinHostPort(host, "6379") }
