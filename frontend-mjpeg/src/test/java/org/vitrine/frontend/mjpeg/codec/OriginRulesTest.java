package org.vitrine.frontend.mjpeg.codec;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginRulesTest {

    private final OriginRules rules = new OriginRules("127.0.0.1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:8080",
                "localhost",
                "LOCALHOST:1",
                "vm.localhost:80",
                "[::1]:8080",
                "10.1.2.3"
            })
    void addressesAndLocalhostAreAnswered(String host) {
        assertNull(rules.refuseHost(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example:8080",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "[::1",
                "[evil]",
                "",
                "1.2.3",
                "a@127.0.0.1"
            })
    void namesOfStrangersAreRefused(String host) {
        assertNotNull(rules.refuseHost(host));
    }

    @Test
    void theNameThatTheUserGaveIsAnswered() {
        assertNull(new OriginRules("MyBox.lan").refuseHost("mybox.LAN:8080"));
        assertNotNull(rules.refuseHost("mybox.lan:8080"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "127.0.0.1:8080, http://127.0.0.1:8080, same-origin",
                "127.0.0.1:8080, http://127.0.0.1:8080, -",
                "127.0.0.1:8080, -, -",
                "LocalHost:80, http://localhost:80, same-origin"
            })
    void ownPagesAndProgramsMaySendInput(String host, String origin, String site) {
        assertNull(rules.refuseChange(host, origin, site));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "127.0.0.1:8080, http://evil.example, cross-site",
                "127.0.0.1:8080, http://evil.example, -",
                "127.0.0.1:8080, http://127.0.0.1:9090, same-site",
                "127.0.0.1:8080, null, -",
                "127.0.0.1:8080, -, cross-site",
                "127.0.0.1:8080, -, same-site",
                "127.0.0.1:8080, file://127.0.0.1:8080, -",
                "-, null, -"
            })
    void otherPagesMayNot(String host, String origin, String site) {
        assertNotNull(rules.refuseChange(host, origin, site));
    }
}
