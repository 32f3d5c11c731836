// A session of go-qemu: session.go SOCKET PICTURE.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/digitalocean/go-qemu/qmp"
)

func run(monitor qmp.Monitor, name string, arguments map[string]interface{}) map[string]interface{} {
	request := map[string]interface{}{"execute": name}
	if arguments != nil {
		request["arguments"] = arguments
	}
	text, err := json.Marshal(request)
	if err != nil {
		log.Fatal(err)
	}
	reply, err := monitor.Run(text)
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	var result struct {
		Return json.RawMessage `json:"return"`
	}
	if err := json.Unmarshal(reply, &result); err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	object := map[string]interface{}{}
	if err := json.Unmarshal(result.Return, &object); err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return object
}

func await(events <-chan qmp.Event, name string) qmp.Event {
	limit := time.After(60 * time.Second)
	for {
		select {
		case event := <-events:
			if event.Event == name {
				return event
			}
		case <-limit:
			log.Fatalf("no event %s", name)
		}
	}
}

func main() {
	monitor, err := qmp.NewSocketMonitor("unix", os.Args[1], 60*time.Second)
	if err != nil {
		log.Fatal(err)
	}
	if err := monitor.Connect(); err != nil {
		log.Fatal(err)
	}
	stream, err := monitor.Events(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	// An event that nobody takes keeps the library from the reply behind it.
	events := make(chan qmp.Event, 100)
	go func() {
		for event := range stream {
			events <- event
		}
	}()
	version := run(monitor, "query-version", nil)["qemu"].(map[string]interface{})
	fmt.Println("version", version["major"], version["minor"])
	run(monitor, "stop", nil)
	fmt.Println("event", await(events, "STOP").Event)
	run(monitor, "cont", nil)
	fmt.Println("event", await(events, "RESUME").Event)
	fmt.Println("status", run(monitor, "query-status", nil)["status"])
	if _, err := monitor.Run([]byte(`{"execute": "no-such-command"}`)); err != nil {
		fmt.Println("refused", err)
	}
	run(monitor, "send-key", map[string]interface{}{
		"keys": []map[string]string{{"type": "qcode", "data": "h"}},
	})
	run(monitor, "screendump", map[string]interface{}{"filename": os.Args[2], "format": "png"})
	run(monitor, "quit", nil)
	fmt.Println("shutdown", await(events, "SHUTDOWN").Data["reason"])
}
