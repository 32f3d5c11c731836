package org.vitrine.core.cpu;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.vitrine.core", importOptions = ImportOption.DoNotIncludeTests.class)
class CpuPackagesTest {

    @ArchTest
    static final ArchRule THE_PACKAGES_OF_THE_CPU_HAVE_NO_CYCLE =
            slices().matching("org.vitrine.core.(cpu..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_CPU_KNOWS_NO_DEVICE =
            noClasses()
                    .that()
                    .resideInAPackage("..core.cpu..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..core.device..", "..core.machine..", "..core.display..");

    @ArchTest
    static final ArchRule DECODING_KNOWS_NO_STATE =
            noClasses()
                    .that()
                    .resideInAPackage("..core.cpu.decode..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "..core.cpu.state..", "..core.memory..", "..core.cpu.exec..");
}
