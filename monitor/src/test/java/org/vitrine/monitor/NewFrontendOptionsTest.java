package org.vitrine.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.monitor.scaffold.NewFrontend;

class NewFrontendOptionsTest {

    private static NewFrontendOptions parse(String line) throws CommandLineException {
        return NewFrontendOptions.parse(List.of(line.split(" ")));
    }

    @Test
    void theNameIsEnough() throws CommandLineException {
        assertEquals(
                new NewFrontend.Order("tele-text", "org.example.teletext", Path.of("tele-text")),
                parse("tele-text").order());
    }

    @Test
    void packageAndFolderMayBeNamed() throws CommandLineException {
        assertEquals(
                new NewFrontend.Order("web2", "com.acme.web", Path.of("/tmp/w")),
                parse("--package com.acme.web web2 -dir /tmp/w").order());
        assertTrue(parse("-help").help());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    -package a.b | vitrine new-frontend takes a name, as in 'vitrine new-frontend teletext'
                    Teletext | new-frontend: 'Teletext' is no name of a frontend; one is made of lower case letters and digits, with dashes between words, as 'tele-text'
                    a/../b | new-frontend: 'a/../b' is no name of a frontend; one is made of lower case letters and digits, with dashes between words, as 'tele-text'
                    a --package A.b | new-frontend: 'A.b' is no name of a package, as 'com.example.teletext'
                    a b | new-frontend: Unmatched argument at index 1: 'b'
                    """)
    void whatIsWrongIsSaidInOneLine(String line, String message) {
        assertEquals(
                message, assertThrows(CommandLineException.class, () -> parse(line)).getMessage());
    }
}
