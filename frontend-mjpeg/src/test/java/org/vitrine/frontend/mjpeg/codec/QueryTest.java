package org.vitrine.frontend.mjpeg.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

    @Test
    void valuesAreDecodedAndMissingOnesHaveTheirDefault() throws BadRequest {
        Query query = Query.parse("fps=%35&page=abcd-1234", "fps", "quality", "page");
        assertEquals(5, query.integer("fps", 30, 1, 60));
        assertEquals(80, query.integer("quality", 80, 1, 100));
        assertEquals("abcd-1234", query.page());
        assertNull(Query.parse(null).page());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other=1",
                "fps=1&fps=2",
                "fps=%3",
                "fps",
                "fps=",
                "fps=0",
                "fps=61",
                "fps=9999999999",
                "fps=x"
            })
    void whatIsNotTakenIsRefused(String raw) {
        assertThrows(BadRequest.class, () -> Query.parse(raw, "fps").integer("fps", 30, 1, 60));
    }

    @ParameterizedTest
    @ValueSource(strings = {"page=short", "page=with%20a%20blank", "page=%3Cscript%3E"})
    void pagesHavePlainNames(String raw) {
        assertThrows(BadRequest.class, () -> Query.parse(raw, "page").page());
    }
}
