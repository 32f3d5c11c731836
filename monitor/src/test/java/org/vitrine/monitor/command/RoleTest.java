package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleTest {

    private final CommandTable table = CommandTable.standard();

    private List<String> commands(Role role) {
        return table.commands().stream()
                .filter(command -> command.roles().contains(role))
                .map(Command::name)
                .toList();
    }

    @Test
    void frontendMayDoWhatAFrontendDoesAndNothingElse() {
        assertEquals(
                List.of(
                        "qmp_capabilities",
                        "query-version",
                        "query-commands",
                        "query-qmp-schema",
                        "query-status",
                        "query-name",
                        "query-maps",
                        "input-send-event",
                        "frontend-register",
                        "frontend-ready",
                        "frontend-answer",
                        "frontend-goodbye",
                        "frontend-client-connected",
                        "frontend-client-disconnected",
                        "frontend-release-input",
                        "frontend-close-input"),
                commands(Role.FRONTEND));
        assertNull(table.command("quit", Role.FRONTEND));
        assertNull(table.command("human-monitor-command", Role.FRONTEND));
    }

    @Test
    void monitorCanNotPassForAFrontend() {
        assertFalse(commands(Role.MONITOR).contains("frontend-register"));
        assertNull(table.command("frontend-ready", Role.MONITOR));
    }

    @Test
    void everyCommandAndEventIsForSomebody() {
        table.commands().forEach(command -> assertFalse(command.roles().isEmpty(), command.name()));
        table.events().forEach(event -> assertFalse(event.roles().isEmpty(), event.name()));
    }

    @Test
    void onlyFrontendsNameTheClientOfInput() {
        Command command = table.command("input-send-event");
        assertEquals(
                List.of("device", "head", "events"),
                command.arguments(Role.MONITOR).members().stream()
                        .map(QapiType.Member::name)
                        .toList());
        assertEquals(
                List.of("device", "head", "events", "client"),
                command.arguments(Role.FRONTEND).members().stream()
                        .map(QapiType.Member::name)
                        .toList());
    }

    @Test
    void eventsGoToTheirRoles() {
        MonitorEvent frame = FrontendPeerCommands.frame(7);
        assertTrue(table.isFor(frame, Role.FRONTEND));
        assertFalse(table.isFor(frame, Role.MONITOR));
        MonitorEvent crash = MonitorEvent.now("FRONTEND_CRASHED", new JsonObject());
        assertFalse(table.isFor(crash, Role.FRONTEND));
        assertTrue(table.isFor(crash, Role.MONITOR));
        MonitorEvent stop = MonitorEvent.now("STOP", null);
        assertTrue(table.isFor(stop, Role.FRONTEND));
        assertTrue(table.isFor(stop, Role.MONITOR));
    }
}
