package org.vitrine.spi.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Marks a class of tests that hold wherever a frontend runs. Its constructor takes a {@link
 * Placement}.
 */
@Target(ElementType.TYPE)
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Tag(InEachPlacement.TAG)
@ParameterizedClass(name = "{0}")
@MethodSource("org.vitrine.spi.testkit.Placement#all")
public @interface InEachPlacement {

    /** By which builds choose these tests. */
    String TAG = "placement";
}
