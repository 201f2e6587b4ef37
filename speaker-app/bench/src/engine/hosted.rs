//! A guest in an engine that runs modules: wasmtime and wasmi have the same functions under the same names, and this is written once
//! for both.

/// Defines the guest, and how it is made of a store and an instance.
macro_rules! hosted {
    ($engine:ident) => {
        use crate::module::{Buffer, Guest, Problem};
        use $engine::{Instance, Memory, Store, TypedFunc};

        /// A module, and the functions that a frame needs.
        pub(super) struct Hosted {
            store: Store<()>,
            fuel: bool,
            instance: Instance,
            memory: Memory,
            /// Of input, reference and output.
            buffers: [TypedFunc<i32, i32>; 3],
            process: TypedFunc<i32, i32>,
        }

        impl Hosted {
            /// With `fuel`, the store's engine consumes it.
            pub(super) fn new(mut store: Store<()>, instance: Instance, fuel: bool) -> Result<Hosted, Problem> {
                let memory = instance.get_memory(&mut store, "memory");
                let memory = memory.ok_or_else(|| Problem::engine("the module exports no memory"))?;
                let mut look_up = |name: &str| instance.get_typed_func(&mut store, name).map_err(Problem::engine);
                let buffers = [look_up("dsp_in")?, look_up("dsp_ref")?, look_up("dsp_out")?];
                let process = look_up("dsp_process")?;
                Ok(Hosted { store, fuel, instance, memory, buffers, process })
            }

            /// Calls what no frame calls.
            fn call<P, R>(&mut self, name: &str, parameters: P) -> Result<R, Problem>
            where
                P: $engine::WasmParams,
                R: $engine::WasmResults,
            {
                let function = self.instance.get_typed_func::<P, R>(&mut self.store, name).map_err(Problem::engine)?;
                function.call(&mut self.store, parameters).map_err(Problem::engine)
            }
        }

        impl Guest for Hosted {
            fn give_fuel(&mut self, amount: u64) {
                if self.fuel {
                    // Refused by engines only that consume none.
                    let _ = self.store.set_fuel(amount);
                }
            }

            fn init(&mut self, rate_hz: i32, channels: i32, frame: i32) -> Result<i32, Problem> {
                self.call("dsp_init", (rate_hz, channels, frame))
            }

            fn set_parameter(&mut self, id: i32, value: f32) -> Result<(), Problem> {
                self.call("dsp_param", (id, value))
            }

            fn reset(&mut self) -> Result<(), Problem> {
                self.call("dsp_reset", ())
            }

            fn buffer(&mut self, buffer: Buffer) -> Result<i32, Problem> {
                let [input, reference, output] = &self.buffers;
                let function = match buffer {
                    Buffer::Input => input,
                    Buffer::Reference => reference,
                    Buffer::Output => output,
                };
                function.call(&mut self.store, 0).map_err(Problem::engine)
            }

            fn process(&mut self, frames: i32) -> Result<i32, Problem> {
                self.process.call(&mut self.store, frames).map_err(Problem::engine)
            }

            fn state_at(&mut self) -> Result<i32, Problem> {
                self.call("wake_state_ptr", ())
            }

            fn believe(&mut self, bytes: i32) -> Result<i32, Problem> {
                self.call("wake_restore", bytes)
            }

            fn bytes(&mut self, address: usize, length: usize, act: impl FnOnce(&mut [u8])) -> Option<()> {
                let memory = self.memory.data_mut(&mut self.store);
                memory.get_mut(address..)?.get_mut(..length).map(act)
            }
        }
    };
}
pub(super) use hosted;
